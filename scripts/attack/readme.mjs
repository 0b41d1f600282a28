/** The lines that the README shows of the attack, and that it has not printed. */
export function staleLines(readme, printed) {
  const [, shown] = /^\$ npm run demo:attack\n([\s\S]*?)^```$/m.exec(readme) ?? []
  if (shown === undefined) return ['it shows nothing of the attack']
  const lines = new Set(printed.split('\n'))
  return shown.split('\n').filter((line) => line !== '' && line !== '…' && !lines.has(line))
}
