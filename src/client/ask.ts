import { RegistrarError } from '../model/errors.js';

/** A question to a person. */
export interface Question {
  readonly message: string;
  /** To choose from; any text when undefined. */
  readonly options?: readonly string[] | undefined;
  /** Why an answer is none; undefined for a good one. */
  readonly problem: (answer: string) => string | undefined;
}

/** Whether there is somebody to ask. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Asks in the terminal, on standard error. BAD_REQUEST when the person wants to stop. */
export async function ask({ message, options, problem }: Question): Promise<string> {
  const { isCancel, select, text } = await import('@clack/prompts');
  const output = process.stderr;
  const answer =
    options === undefined
      ? await text({ message, output, validate: (value) => problem(value ?? '') })
      : await select({ message, output, options: options.map((value) => ({ value })) });
  if (!isCancel(answer)) return answer;
  throw new RegistrarError('BAD_REQUEST', 'Nothing was written');
}
