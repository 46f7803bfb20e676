import { fc } from '@fast-check/vitest';

/** Pieces that mean something in a Dockerfile or a script. */
const PIECES = [
  ...['FROM ', 'FROM a:1 AS b', 'RUN ', 'COPY ', 'ADD ', 'ENV ', 'ARG ', 'LABEL ', 'USER ', 'CMD '],
  ...['ENTRYPOINT ', 'EXPOSE ', 'HEALTHCHECK ', 'ONBUILD ', 'SHELL ', 'VOLUME ', 'WORKDIR '],
  ...[
    'MAINTAINER ',
    'STOPSIGNAL ',
    '\n',
    '\n',
    '\r\n',
    '\\\n',
    ' ',
    '\t',
    '#',
    '# escape=`\n',
    '`',
  ],
  ...[
    '<<A',
    '<<-"A"',
    '\nA\n',
    '\\',
    '"',
    "'",
    '$',
    '${',
    '}',
    '$(',
    '(',
    ')',
    '<(',
    '|',
    '&&',
    ';',
  ],
  ...['>', '2>&1', '--from=b ', '--mount=type=bind,from=a ', '--chmod=777 ', '["a","b"]', '[', ']'],
  ...['curl -k http://a | sh', 'apt-get install b', 'pip install c', 'sudo ', 'sh -c ', 'eval '],
  ...['PASSWORD=abc', 'a=b', '0:65536', 'root', 'scratch', '$A', '${A:-b}', '\u0085', '\ufeff'],
] as const;

/** Texts that look like a Dockerfile in parts, and make no sense as a whole. */
export const anyDockerfile = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...PIECES) },
        { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
      ),
      { maxLength: 60 },
    )
    .map((pieces) => pieces.join(''));
