import { RegistrarError } from '../../src/model/errors.js';

/** The code that work fails with; `none` when it succeeds. Another kind of error is thrown on. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof RegistrarError) return error.code;
    throw error;
  }
}

/** The message that work fails with, empty when it succeeds. */
export async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
