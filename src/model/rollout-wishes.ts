import { UNDO_ANNOTATION, UNQUARANTINED_AT_ANNOTATION } from './names.js';

/** A person had another revision run in place of the one that the spec asks for. */
export interface Undo {
  readonly from: string;
  readonly to: string;
}

type Annotations = Readonly<Record<string, string>>;

/** What a person had undone; undefined when nothing was, and when it cannot be read. */
export function undoOf({ [UNDO_ANNOTATION]: text = '' }: Annotations): Undo | undefined {
  const [from, to, ...rest] = text.split(':');
  return from && to && rest.length === 0 ? { from, to } : undefined;
}

/** The value of the annotation that says so. */
export const undoText = ({ from, to }: Undo): string => `${from}:${to}`;

/** Quarantines older than this are lifted; milliseconds since 1970, 0 for none. */
export const liftedAt = ({ [UNQUARANTINED_AT_ANNOTATION]: text = '' }: Annotations): number =>
  Date.parse(text) || 0;
