/** The line that says why, of all that a tool has said. */
export function firstError(output) {
  const lines = output
    // eslint-disable-next-line no-control-regex -- colours
    .replaceAll(/\u001B\[[\d;]*m/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !noise.test(line))
  return lines.find((line) => telling.test(line)) ?? lines.at(-1) ?? 'it does not say why'
}

const telling = /\b(?:error|cannot|could not|unexpected|not found|failed)\b|Error\b/i
const noise =
  /^(?:at |npm (?:warn|notice|error (?:code|syscall|errno|type)\b)|✗ Build failed|error during build:?$|.*Build failed with \d|The build failed\.?$|➜ Listening)/
