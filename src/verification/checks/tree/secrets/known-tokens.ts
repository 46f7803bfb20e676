import type { SecretLintCoreConfig } from '@secretlint/types';
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

type Lint = (text: string) => Promise<FoundToken[]>;

/** Loaded with the first text: the daemon starts without it. */
let loaded: Promise<Lint> | undefined;

/** Credentials that their form gives away, of secretlint's preset and of our own table. */
export async function knownTokens(text: string): Promise<FoundToken[]> {
  loaded ??= load();
  const lint = await loaded;
  return [...(await lint(text)), ...shapedTokens(text)];
}

/**
 * The rules of the preset, without the one that lets a comment in a file switch the others off:
 * it is the file that is checked. Private keys have a check of their own.
 */
async function load(): Promise<Lint> {
  const [{ lintSource }, { rules }, { secretLintProfiler }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/profiler'),
  ]);
  // It keeps a mark of each rule and text for ever, and looks through all of them for each one: 500
  // files take 25 s in place of one.
  secretLintProfiler.mark = () => undefined;
  const config = {
    rules: rules
      .filter(({ meta: { id } }) => SERVICE_NAMES[id.slice(PREFIX.length)] !== undefined)
      .map((rule) => ({ id: rule.meta.id, rule })),
  } as SecretLintCoreConfig;
  return async (text) => {
    // The name of the file would only make rules for one kind of file leave others out.
    const source = { filePath: 'text', content: text, ext: '', contentType: 'text' } as const;
    const options = { config, maskSecrets: true, noPhysicFilePath: true };
    const { messages } = await lintSource({ source, options });
    return messages
      .filter(({ messageId }) => messageId !== HARMLESS)
      .filter(({ range: [from, to] }) => !isPlaceholder(text.slice(from, to)))
      .map(({ ruleId, range: [index] }) => ({ of: serviceOf(ruleId), index }));
  };
}

const serviceOf = (ruleId: string): string =>
  SERVICE_NAMES[ruleId.slice(PREFIX.length)] ?? 'a service';

const shapedTokens = (text: string): FoundToken[] =>
  TOKEN_SHAPES.flatMap(({ of, pattern }) =>
    [...text.matchAll(pattern)]
      .filter(([found]) => !isPlaceholder(found))
      .map(({ index }) => ({ of, index })),
  );
