import { MODULE } from '../../model/kinds.js';
import { isRegistrarError } from '../../model/errors.js';
import { ServerError } from '../server-error.js';

/** The fields that are wrong, one or a list of them, as kubectl puts it. */
function invalid({ details, message }: ServerError): string {
  const { causes = [], name = '', kind = MODULE.kind } = details;
  const lines = causes.map(({ field, message: why }) => `${field}: ${why}`);
  if (lines.length === 0) return `The request is invalid: ${message}`;
  const subject = `The ${kind} "${name}" is invalid:`;
  return lines.length === 1
    ? `${subject} ${lines.join('')}`
    : [subject, ...lines.map((line) => `* ${line}`)].join('\n');
}

function serverError(error: ServerError): string {
  if (error.http === 401)
    return (
      `error: You must be logged in to the server (${error.message}); ` +
      'give the token of the daemon with --token or REGISTRAR_TOKEN, or its --data-dir'
    );
  if (error.http === 422) return invalid(error);
  return `Error from server (${error.serverReason}): ${error.message}`;
}

/** What to tell a person about an error, in kubectl's words. */
export function renderError(error: unknown): string {
  if (error instanceof ServerError) return serverError(error);
  const message = error instanceof Error ? error.message : String(error);
  return isRegistrarError(error, 'INVALID') ? message : `error: ${message}`;
}
