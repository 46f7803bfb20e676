import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/verification/dockerfile/parse-dockerfile.js';
import { tryBuild } from '../../helpers/build-steps.js';

/** Instructions after one that fails, so that the engine reads all of them and makes nothing. */
const READ: Record<string, string> = {
  'one a line': 'LABEL a=b\nLABEL c=d\n',
  'a mark that continues': 'LABEL a=b \\\n c=d\nLABEL e=f\n',
  'a mark that is escaped itself': 'LABEL a=b\\\\\nLABEL c=d\n',
  'three marks': 'LABEL a=b\\\\\\\nLABEL c=d\n',
  'blanks after a mark': 'LABEL a=b \\ \t\n c=d\n',
  'another blank after a mark': 'LABEL a=b \\\u00a0\nLABEL c=d\n',
  'a first line of only a mark': '\\\nLABEL c=d\n',
  'empty lines and comments between': 'LABEL a=b \\\n\n # x\n c=d\nLABEL e=f\n',
  'a comment that ends with a mark': '# x \\\nLABEL a=b\n',
  'other ends of lines': 'LABEL a=b \\\r\n c=d\r\nLABEL e=f\r\n',
  'a blank in front': '\u00a0LABEL a=b\n\tLABEL c=d\n',
  'a blank line that is none for JavaScript': 'LABEL a=b \\\n\u0085\n c=d\nLABEL e=f\n',
  'a quoted opening': 'RUN a "<<E"\nLABEL a=b\n',
  'an opening inside a word': 'RUN a<<E\nLABEL a=b\nLABEL c=d\n',
  'an opening of another instruction': 'ENV a <<E\nLABEL a=b\n',
  'a JSON list': 'CMD ["a", \\\n"b"]\nLABEL a=b\n',
};

const DIRECTIVES: Record<string, string> = {
  'another mark': '# escape=`\nFROM scratch\nCOPY none `\n /\nLABEL a=b\n',
  'with blanks': '#  escape = `  \nFROM scratch\nCOPY none `\n /\n',
  indented: '  # escape=`\nFROM scratch\nCOPY none `\n /\n',
  'after a mark of byte order': '\ufeff# escape=`\nFROM scratch\nCOPY none `\n /\n',
  'after a comment, which is too late': '# x\n# escape=`\nFROM scratch\nCOPY none \\\n /\n',
  'after an empty line, which is too late': '\n# escape=`\nFROM scratch\nCOPY none \\\n /\n',
};

const counted = (text: string): number =>
  parseDockerfile('Dockerfile', text).instructions.filter(({ isTrigger }) => !isTrigger).length;

describe('the engine reads as many instructions', () => {
  test.each(Object.entries(READ))('%s', async (_what, rest) => {
    const text = `FROM scratch\nCOPY none /\n${rest}`;
    expect(await tryBuild(text)).toMatchObject({ steps: counted(text) });
  });

  test.each(Object.entries(DIRECTIVES))('a directive %s', async (_what, text) => {
    expect(await tryBuild(text)).toMatchObject({ steps: counted(text) });
  });
});

/** What the checks take for a feature that the builder does not have, and what it says. */
const REFUSED: Record<string, string> = {
  'RUN --mount=type=cache,target=/c true': 'mount',
  'RUN --mount=type=secret,id=a true': 'mount',
  'RUN --network=none true': 'network',
  'RUN --security=insecure true': 'security',
  'COPY --chmod=644 none /': 'chmod',
  'COPY --link none /': 'link',
  'ADD --chmod=644 none /': 'chmod',
  'ADD --checksum=sha256:0 https://a.invalid/a /': 'checksum',
  'RUN <<E\ntrue\nE': 'unknown instruction|heredoc',
};

test.each(Object.entries(REFUSED))('the builder refuses %s', async (line, reason) => {
  const { error } = await tryBuild(`FROM scratch\n${line}\n`);
  expect(error).toMatch(new RegExp(reason, 'i'));
});
