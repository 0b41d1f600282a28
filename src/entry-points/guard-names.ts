/** What is called a guard. A name proves nothing: it says what somebody meant, where the code shows that it does not work. */
const guardName =
  /auth|guard|protect|require|ensure|assert|admin|private|secure|verify|signed.?in|logged.?in|permission|role|member/i
const softName = /optional|maybe|soft|un-?auth|public|guest|anonymous|session|attach|context|token|header/i

export const isCalledGuard = (name: string): boolean => guardName.test(name) && !softName.test(name)

/** `requireSession`: what is demanded may be anything, as long as somebody is refused. */
export const isCalledDemand = (name: string): boolean => /^(?:require|ensure|assert|enforce)/i.test(name)
