'use client'
/** Sets the words of all fields below it. */
import { createContext, type ReactNode, useContext } from 'react'
import { en } from '../locales/en.js'
import type { Messages } from './messages.js'

const MessagesContext = createContext<Messages>(en)

/** `<FileAnswerProvider messages={ko}>`: every field inside speaks Korean, unless its own `messages` says otherwise. */
export function FileAnswerProvider({
  messages,
  children,
}: {
  readonly messages: Messages
  readonly children: ReactNode
}): ReactNode {
  return <MessagesContext.Provider value={messages}>{children}</MessagesContext.Provider>
}

export const useMessages = (own: Messages | undefined): Messages => {
  const provided = useContext(MessagesContext)
  return own ?? provided
}
