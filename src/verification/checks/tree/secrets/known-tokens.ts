import type {
  SecretLintRuleContext,
  SecretLintRuleCreator,
  SecretLintSourceCode,
} from '@secretlint/types';
import { isPlaceholder } from './placeholder.js';
import { SERVICE_NAMES } from './service-names.js';
import { TOKEN_SHAPES } from './token-shapes.js';

/** A credential in a text: whose, and where. What it is is not told. */
export interface FoundToken {
  readonly of: string;
  readonly index: number;
}

const PREFIX = '@secretlint/secretlint-rule-';

/** An id that is no secret. */
const HARMLESS = 'AWSAccountID';

/** A rule, and whose credentials it knows. */
interface Rule {
  readonly of: string;
  readonly rule: SecretLintRuleCreator;
}

/** What fails here makes the check come to nothing, which is told. */
const unused = (): never => {
  throw new Error('A rule of secretlint asks for what it has no need of');
};

/** Loaded with the first text: the daemon starts without them. */
let loaded: Promise<readonly Rule[]> | undefined;

/** Credentials that their form gives away, of secretlint's preset and of our own table. */
export async function knownTokens(text: string): Promise<FoundToken[]> {
  loaded ??= load();
  const rules = await loaded;
  const source = new NamelessText(text);
  const found = await Promise.all(rules.map((rule) => tokensBy(rule, source)));
  return [...found.flat(), ...shapedTokens(text)];
}

/**
 * The rules of the preset, without the one that lets a comment in a file switch the others off:
 * it is the file that is checked. Private keys have a check of their own.
 */
async function load(): Promise<Rule[]> {
  const { rules } = await import('@secretlint/secretlint-rule-preset-recommend');
  return rules.flatMap((rule) => {
    const of = SERVICE_NAMES[rule.meta.id.slice(PREFIX.length)];
    return of === undefined ? [] : [{ of, rule }];
  });
}

/**
 * What one rule finds, without secretlint's own engine: that works out and sorts for each text what
 * nobody is told here, and keeps a mark of it for ever.
 */
async function tokensBy({ of, rule }: Rule, source: SecretLintSourceCode): Promise<FoundToken[]> {
  const found: FoundToken[] = [];
  const context: SecretLintRuleContext = {
    sharedOptions: {},
    createTranslator: () => (id) => ({ message: '', messageId: String(id), data: undefined }),
    report: ({ message: { messageId }, range: [from, to] }) => {
      if (messageId === HARMLESS || isPlaceholder(source.content.slice(from, to))) return;
      found.push({ of, index: from });
    },
    ignore: unused,
  };
  await rule.create(context, {}).file?.(source);
  return found;
}

/** A text without a name: that would only make rules for one kind of file leave others out. */
class NamelessText implements SecretLintSourceCode {
  readonly ext = '';
  readonly contentType = 'text';
  readonly hasBOM = false;
  readonly filePath = 'text';
  readonly physicalFilePath = undefined;
  readonly locationToRange = unused;
  readonly rangeToLocation = unused;
  readonly positionToIndex = unused;
  readonly indexToPosition = unused;
  readonly getFilePath = unused;
  readonly getPhysicalFilePath = unused;

  constructor(readonly content: string) {}
}

const shapedTokens = (text: string): FoundToken[] =>
  TOKEN_SHAPES.flatMap(({ of, pattern }) =>
    [...text.matchAll(pattern)]
      .filter(([found]) => !isPlaceholder(found))
      .map(({ index }) => ({ of, index })),
  );
