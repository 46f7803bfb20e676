const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;
const CLEAR_LINE = '\r\u001B[K';

/** Changes the text beside the spinner. */
export type Report = (text: string) => void;

/**
 * Runs `work` with a spinner on standard error, in a terminal only. By hand, because that of
 * \@clack/prompts takes the keyboard and ends the process with success on Ctrl-C.
 */
export async function withProgress<T>(
  text: string,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return work(() => undefined);
  let shown = text;
  let frame = 0;
  const draw = () => {
    const line = `${FRAMES[frame++ % FRAMES.length] ?? ''} ${shown}`;
    stderr.write(CLEAR_LINE + line.slice(0, stderr.columns - 1));
  };
  const timer = setInterval(draw, FRAME_MS);
  try {
    return await work((next) => (shown = next));
  } finally {
    clearInterval(timer);
    stderr.write(CLEAR_LINE);
  }
}
