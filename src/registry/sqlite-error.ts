/** Code such as SQLITE_FULL or ENOSPC, empty for an error that has none. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** What went wrong in the words of SQLite or the system, without the statement that knex adds. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message } = error;
  return codeOf(error).startsWith('SQLITE_') ? (message.split(' - ').at(-1) ?? message) : message;
}
