import { Composer, Lexer, Parser, type Document, type YAMLError } from 'yaml';
import type { CST } from 'yaml';
import { MAX_DEPTH } from './plain-data.js';

/** A text that is not good YAML, by offset. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly message: string;
}

export interface YamlSyntax {
  readonly documents: readonly Document.Parsed[];
  /** Why reading ended before the end of the text. */
  readonly stopped: SyntaxProblem | undefined;
}

/**
 * Pieces (words, marks, spaces) of a text that are read. The densest manifests have one per 2.4
 * bytes, so the longest text has fewer; one of nothing but marks would take several times as long.
 */
const MAX_LEXEMES = 130_000;

/** Stray tokens after which the rest of a text is not worth reading. */
const MAX_STRAY_TOKENS = 100;

/** Every key is text, nothing is used twice, no tags but those of JSON's types. */
const OPTIONS = {
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  stringKeys: true,
  // The library compares each key with each other one: seconds for 20,000 keys.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/**
 * The documents of a text, with their errors. Ends early where the text nests too deeply (composing
 * is recursive), has a directive, has too many pieces, or is mostly nonsense.
 */
export function parseYaml(text: string): YamlSyntax {
  const { stackTraceLimit } = Error;
  // A text can have an error per byte, and taking their stacks, which nobody reads, takes seconds.
  Error.stackTraceLimit = 0;
  try {
    return parse(text);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function parse(text: string): YamlSyntax {
  const parser = new Parser();
  const composer = new Composer(OPTIONS);
  const documents: Document.Parsed[] = [];
  let strayTokens = 0;
  let lexemes = 0;
  const take = (token: CST.Token): SyntaxProblem | undefined => {
    const { offset } = token;
    if (token.type === 'directive') return { offset, message: 'Directives are not accepted' };
    if (token.type === 'error') strayTokens += 1;
    if (strayTokens > MAX_STRAY_TOKENS) return { offset, message: 'Not YAML' };
    documents.push(...composer.next(token));
    return undefined;
  };

  for (const lexeme of new Lexer().lex(text)) {
    if ((lexemes += 1) > MAX_LEXEMES) {
      const message = `More than ${MAX_LEXEMES} words, marks and spaces`;
      return { documents, stopped: { offset: parser.offset, message } };
    }
    for (const token of parser.next(lexeme)) {
      const stopped = take(token);
      if (stopped) return { documents, stopped };
    }
    if (parser.stack.length > MAX_DEPTH + 2) {
      const message = `Nested deeper than ${MAX_DEPTH} levels`;
      return { documents, stopped: { offset: parser.offset, message } };
    }
  }
  for (const token of parser.end()) take(token);
  documents.push(...composer.end());
  return { documents, stopped: undefined };
}

/** What the library says of an error, but never with a piece of the text: it may be a secret. */
export function messageOf({ code, message }: YAMLError): string {
  switch (code) {
    case 'TAG_RESOLVE_FAILED':
    case 'BAD_COLLECTION_TYPE':
      return 'Tags are not accepted: put text that begins with "!" in quotes';
    case 'BAD_DQ_ESCAPE':
      return 'Invalid escape sequence';
    default:
      return message.replace(/(?<=\w): .*$/s, '');
  }
}
