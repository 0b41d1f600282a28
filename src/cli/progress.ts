/**
 * How far a run is, on stderr. A terminal has one line that is written over and taken away. What is not a terminal keeps each
 * line, so it gets few: none from a run of a few seconds, a dozen from one of five minutes. Whoever asks for JSON and has no
 * terminal is a program that may well read both streams as one: it gets none.
 */
export interface Progress {
  at(done: number, of: number): void
  /** Before anything else is written. */
  end(): void
}

/** `process.stderr` is one. */
export interface ErrorStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

type Clock = () => number

const ONE_FRAME = 50
const FIRST_LINE = 3000
const NEXT_LINE = 10_000

export function progressOn(
  stream: ErrorStream,
  format: 'text' | 'json',
  term: string | undefined,
  now: Clock = () => performance.now(),
): Progress | undefined {
  if (stream.isTTY === true && term !== 'dumb') return onOneLine(stream, now)
  return format === 'json' && stream.isTTY !== true ? undefined : lineByLine(stream, now)
}

function onOneLine(stream: ErrorStream, now: Clock): Progress {
  let last: number | undefined
  return {
    at: (done, of) => {
      const time = now()
      if (last !== undefined && time - last < ONE_FRAME) return
      last = time
      stream.write(`\r\u001B[KReading ${done} of ${of} files`)
    },
    end: () => {
      if (last !== undefined) stream.write('\r\u001B[K')
    },
  }
}

function lineByLine(stream: ErrorStream, now: Clock): Progress {
  const start = now()
  let next = FIRST_LINE
  return {
    at: (done, of) => {
      const elapsed = now() - start
      if (elapsed < next) return
      // the longer it takes, the less each line says
      next = elapsed + Math.max(NEXT_LINE, elapsed / 4)
      stream.write(`eslint-plugin-authz: ${done} of ${of} files read after ${Math.round(elapsed / 1000)} s\n`)
    },
    end: () => {
      // what was written stays
    },
  }
}
