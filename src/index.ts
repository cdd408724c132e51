/** The field, its provider and the headless hooks. Styles: 'file-answer-field/styles.css'. */
export type { HostReason, Rules } from './answer/admission.js'
export type { Answer, Removal } from './answer/answer.js'
export type { Entry, EntryState } from './answer/entry.js'
export type { WhenPending } from './answer/selectors.js'
export { createFileAnswer } from './engine/createFileAnswer.js'
export type { FileAnswer, FileAnswerOptions } from './engine/fileAnswer.js'
export type { Endpoint } from './engine/endpointBackend.js'
export { forgetDraft } from './engine/forgetDraft.js'
export type { ConfirmUpload, DescribeFiles, RequestUpload } from './engine/hostBackend.js'
export type { News } from './engine/news.js'
export type { Diagnostics } from './engine/diagnostics.js'
export type { FileAnswerEvent, TracedFailure } from './engine/trace.js'
export { type Settling, settledAll } from './engine/settledAll.js'
export type { FileAnswerSettings, Source } from './engine/source.js'
export type { Timing } from './engine/timing.js'
export type { FileAnswerListeners } from './engine/valueExchange.js'
export { FileAnswerField } from './field/FileAnswerField.js'
export { FileAnswerProvider } from './field/FileAnswerProvider.js'
export type { MessageKey, Messages, Template } from './field/messages.js'
export type { AnnouncementKind } from './field/announcer.js'
export type { FileAnswerFieldProps, FileAnswerHandle, Part, Value, WithAnswer } from './field/props.js'
export type { ButtonSlotProps, EntryExtraProps, Parts, ThumbSlotProps } from './field/slots.js'
export { type UseFileAnswerOptions, useAnswer, useFileAnswer, useFileEntry } from './field/useFileAnswer.js'
export type { Accept } from './protocol/accept.js'
export type { Backend, CallContext } from './protocol/backend.js'
export {
  type Failure,
  type FailureCode,
  FailureError,
  FilesNotStored,
  failure,
  failureCodes,
} from './protocol/failure.js'
export type { StoredFile } from './protocol/storedFile.js'
