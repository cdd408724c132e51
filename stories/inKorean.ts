/** The words that a host would write in its own language. */
export const inKorean: Readonly<Record<string, string>> = {
  Documents: '제출 서류',
  Portfolio: '포트폴리오',
  'ID photo': '증명사진',
  Evidence: '증빙 자료',
  'Send application': '지원서 제출',
  'Everything that shows your work. You can add more until the form is sent.':
    '작업을 보여 주는 자료를 모두 올려 주세요. 제출하기 전까지 더 추가할 수 있습니다.',
  'The bank did not accept this document. Add one that is not older than three months.':
    '은행에서 이 서류를 받지 않았습니다. 발급된 지 3개월이 지나지 않은 서류를 추가해 주세요.',
}
