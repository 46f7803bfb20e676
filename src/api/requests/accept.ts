import { RegistrarError } from '../../model/errors.js';

/** Another kind of object that an answer may be turned into, as the `as`, `g` and `v` of a media type. */
export interface Form {
  readonly as: string;
  readonly group: string;
  readonly version: string;
}

/** The object as it is, in JSON. */
export const PLAIN = 'plain';

/** What most clients send: no need to take it apart. */
const WANTS_PLAIN: ReadonlySet<string | undefined> = new Set([
  undefined,
  '',
  '*/*',
  'application/json',
  'application/json, */*',
  'application/json, */*;q=0.8',
]);

/** Entries that are looked at; no client sends more than a few. */
const MAX_ENTRIES = 16;
/** Longest value that is looked at. */
const MAX_LENGTH = 2048;

/** The types that JSON answers to. */
const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/*', '*/*']);

/**
 * The first entry of an `Accept` header that can be served: one of the offered forms, or PLAIN;
 * undefined when there is none. Types other than JSON, such as protobuf, and forms that are not
 * offered are passed over, and so is what says `q=0`.
 */
export function chooseForm<F extends Form>(
  accept: string | undefined,
  offered: readonly F[],
): F | typeof PLAIN | undefined {
  if (WANTS_PLAIN.has(accept)) return PLAIN;
  const entries = (accept ?? '').slice(0, MAX_LENGTH).split(',', MAX_ENTRIES);
  for (const entry of entries) {
    const form = formOf(entry, offered);
    if (form !== undefined) return form;
  }
  return undefined;
}

function formOf<F extends Form>(
  entry: string,
  offered: readonly F[],
): F | typeof PLAIN | undefined {
  const [type = '', ...rest] = entry.split(';');
  if (!JSON_TYPES.has(type.trim().toLowerCase())) return undefined;
  const parameters = new Map(rest.map(parameterOf));
  if (Number(parameters.get('q') ?? 1) === 0) return undefined;
  const as = parameters.get('as');
  if (as === undefined) return PLAIN;
  return offered.find(
    (form) =>
      form.as === as && form.group === parameters.get('g') && form.version === parameters.get('v'),
  );
}

/** Name in lower case, and value without its quotes. */
function parameterOf(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=', 2);
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
}

/** Media type that says which form an answer has. */
export function mediaTypeOf(form: Form | typeof PLAIN): string {
  if (form === PLAIN) return 'application/json';
  return `application/json;g=${form.group};v=${form.version};as=${form.as}`;
}

/** As chooseForm; throws NOT_ACCEPTABLE when nothing that the client accepts can be served. */
export function acceptedForm<F extends Form>(
  accept: string | undefined,
  offered: readonly F[],
): F | typeof PLAIN {
  const form = chooseForm(accept, offered);
  if (form !== undefined) return form;
  const message = 'only the following media types are accepted: application/json';
  throw new RegistrarError('NOT_ACCEPTABLE', message);
}
