import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../src/lib/plain-data.js';
import { MAX_JSON_BYTES, MAX_YAML_BYTES, readDocuments } from '../../src/lib/yaml.js';

const values = (text: string) => readDocuments(text).documents.map(({ value }) => value);
const problems = (text: string) =>
  readDocuments(text).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
const fill = (text: string, bytes = MAX_YAML_BYTES) =>
  text.repeat(Math.floor(bytes / Buffer.byteLength(text)));

describe('readDocuments()', () => {
  it('reads the documents of a text in order, with the line each begins at', () => {
    const { documents, problems: none } = readDocuments('# first\na: 1\n---\n\n- x\n- y: true\n');
    expect(none).toEqual([]);
    expect(documents.map(({ value, line }) => ({ value, line }))).toEqual([
      { value: { a: 1 }, line: 2 },
      { value: ['x', { y: true }], line: 5 },
    ]);
  });

  it.each(['', ' \n', '# only a comment\n', '---\n---\n...\n', '\ufeff', 'null\n', '~'])(
    'finds nothing in %j',
    (text) => {
      expect(readDocuments(text)).toEqual({ documents: [], problems: [] });
    },
  );

  it('reads scalars by the core schema of YAML 1.2', () => {
    const text =
      'a: [yes, no, on, 010, 0o10, 0x10, 1e3, 2026-11-23, ~, "", 1_000, 12:30:45, <<, =]';
    expect(values(text)).toEqual([
      {
        a: ['yes', 'no', 'on', 10, 8, 16, 1000, '2026-11-23', null, ''].concat([
          '1_000',
          '12:30:45',
          '<<',
          '=',
        ] as never[]),
      },
    ]);
  });

  it('takes keys as text, also those that look like numbers', () => {
    expect(values('1: a\ntrue: b\n"": c\n')).toEqual([{ '1': 'a', true: 'b', '': 'c' }]);
  });

  it('reads files with the line ends of Windows', () => {
    expect(values('a: |\r\n  x\r\n  y\r\nb: 1\r\n')).toEqual([{ a: 'x\ny\n', b: 1 }]);
  });

  test.prop([fc.jsonValue({ stringUnit: 'grapheme' }), fc.constantFrom(0, 2, '\t')])(
    'reads JSON as JSON.parse does',
    (value, indent) => {
      const text = JSON.stringify({ value }, undefined, indent);
      const { documents, problems: found } = readDocuments(text);
      if (found.length > 0) expect(found[0]?.message).toMatch(/hidden character|not allowed/);
      else expect(JSON.stringify(documents[0]?.value)).toBe(text && JSON.stringify({ value }));
    },
  );

  test.prop([fc.string({ unit: 'binary', maxLength: 400 })])('never throws', (text) => {
    const { documents } = readDocuments(text);
    for (const { value } of documents) expect(JSON.stringify(value)).toBeTypeOf('string');
  });

  const yamlWords = fc.constantFrom(
    ...['a', ': ', '- ', '\n', ' ', '  ', '? ', '[', ']', '{', '}', ',', '&a ', '*a', '!x ', '|\n'],
    ...['>-\n', '"', "'", '#', '---\n', '...\n', '%YAML 1.1\n', '<<', '\t', '\\', '__proto__'],
  );
  test.prop([fc.array(yamlWords, { maxLength: 60 }).map((words) => words.join(''))], {
    numRuns: 2000,
  })('never throws on what looks like YAML', (text) => {
    const { documents, problems: found } = readDocuments(text);
    for (const { line, column } of found) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual(text.split('\n').length);
    }
    for (const { value } of documents) expect(JSON.stringify(value)).toBeTypeOf('string');
  });
});

describe('readDocuments() locates', () => {
  const text = 'spec:\n  ports:\n    - name: a\n      hostPort: 1\n    - { name: b }\n';
  const [document] = readDocuments(text).documents;

  it.each([
    [[], 1, 1],
    [['spec'], 1, 1],
    [['spec', 'ports', 0, 'hostPort'], 4, 7],
    [['spec', 'ports', 1], 5, 7],
    [['spec', 'ports', 1, 'name'], 5, 9],
    [['spec', 'ports', 1, 'missing'], 5, 7],
    [['nowhere', 'ports'], 1, 1],
    [['spec', 'ports', 0, 'name', 'deeper'], 3, 7],
  ])('%j at %i:%i', (path, line, column) => {
    expect(document?.locate(path)).toEqual({ line, column });
  });
});

describe('readDocuments() refuses', () => {
  it.each([
    [
      'a cut flow map',
      'a: {b: 1',
      '1:9: Flow map in block collection must be sufficiently indented and end with a }',
    ],
    ['a cut text', 'a: "b\n', '2:1: Missing closing "quote'],
    ['a repeated key', 'a: 1\nb: 2\na: 3\n', '3:1: key "a" is repeated'],
    ['a repeated key in JSON', '{"a":1,"a":2}', '1:8: key "a" is repeated'],
    [
      'an alias',
      'a: &x 1\nb: *x\n',
      '2:4: aliases are not accepted: repeat the value, or put text that begins with "*" in quotes',
    ],
    [
      'an alias to nothing',
      'b: *x\n',
      '1:4: aliases are not accepted: repeat the value, or put text that begins with "*" in quotes',
    ],
    [
      'a tag',
      'a: !env HOME\n',
      '1:4: Tags are not accepted: put text that begins with "!" in quotes',
    ],
    [
      'a tag of YAML 1.1',
      'a: !!binary aGk=\n',
      '1:4: Tags are not accepted: put text that begins with "!" in quotes',
    ],
    [
      'a tag on a map',
      'a: !!set {x}\n',
      '1:4: Tags are not accepted: put text that begins with "!" in quotes',
    ],
    ['a directive', '%YAML 1.1\n---\na: 1\n', '1:1: Directives are not accepted'],
    ['a number that JSON lacks', 'a: .inf\n', '1:4: expected a finite number'],
    ['a key that is a list', '? [a]\n: 1\n', '1:3: With stringKeys, all keys must be strings'],
    ['__proto__', 'a:\n  __proto__: {b: 1}\n', '2:3: key "__proto__" is not allowed'],
    ['constructor', '{"constructor":{"prototype":{}}}', '1:2: key "constructor" is not allowed'],
    ['a control character', 'a: "x\\e[31m"\n', '1:1: contains the hidden character U+001B'],
    ['NUL', 'a: "\\0"\n', '1:1: contains the hidden character U+0000'],
    ['a raw control character', 'a: x\u0007\n', '1:1: contains the hidden character U+0007'],
    ['C1', 'a: "\\x85"\n', '1:1: contains the hidden character U+0085'],
    ['a bidirectional override', 'a: "\\u202e"\n', '1:1: contains the hidden character U+202E'],
    ['half a surrogate pair', 'a: "\\ud800"\n', '1:1: contains the hidden character U+D800'],
    [
      'a hidden character in a key',
      '"a\\u0000": 1\n',
      '1:1: key contains the hidden character U+0000',
    ],
    ['a line break in a key', '"a\\n": 1\n', '1:1: key contains a tab or line break'],
  ])('%s', (_what, text, problem) => {
    const { documents } = readDocuments(text);
    expect(problems(text)).toContain(problem);
    expect(documents).toEqual([]);
  });

  it('no text that people write', () => {
    const text = JSON.stringify({ a: '\tمی\u200cخواهم 👩\u200d💻 é\n' });
    expect(problems(text)).toEqual([]);
  });

  it('keeps the prototype of everything', () => {
    readDocuments('__proto__: {polluted: true}\n');
    readDocuments('{"constructor": {"prototype": {"polluted": true}}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('keeps the good documents of a text', () => {
    expect(values('a: 1\n---\nb: 1\nb: 2\n---\nc: 1\n')).toEqual([{ a: 1 }, { c: 1 }]);
  });

  it.each([
    'value: !hunter2',
    'value: *hunter2',
    'value: &hunter2',
    'value: |hunter2',
    'value: >hunter2',
    'value: `hunter2',
    'value: "\\xhunter2"',
    'value: "\\Uhunter2xyz"',
    'value: @hunter2',
    'value: %hunter2',
    'value: "a" hunter2',
    'value: [a] hunter2',
    '[a]\nhunter2',
    '"a"\nhunter2: 1\n',
    'a: 1\n]hunter2',
    '{"value": "hunter2',
    "{'value': hunter2: x}",
    '- a\nhunter2',
    `{"padding": "${'x'.repeat(MAX_YAML_BYTES)}", "value": hunter2}`,
  ])('%.40j without telling what may be a secret', (text) => {
    const { problems: found } = readDocuments(text);
    expect(found).not.toEqual([]);
    expect(JSON.stringify(found)).not.toMatch(/hunt|xyz/);
  });

  it('tells no hidden character of the text', () => {
    const text = 'a: 1\na\u001b[31mred: 2\na\u001b[31mred: 3\n';
    expect(problems(text).join()).not.toContain('\u001b');
    expect(problems(text)).not.toEqual([]);
  });
});

describe('readDocuments() ends on', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

  it(`${MAX_DEPTH} levels, and not on one more`, () => {
    expect(readDocuments(nested(MAX_DEPTH)).problems).toEqual([]);
    expect(problems(nested(MAX_DEPTH + 1))).toEqual([
      expect.stringMatching(/[Nn]ested deeper than 64 levels/),
    ]);
  });

  it.each([
    ['open brackets', fill('[')],
    ['open braces', fill('{a: ')],
    ['dashes', fill('- ')],
    ['explicit keys', '? '.repeat(400)],
    ['many explicit keys', fill('? ')],
    ['indentation', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
    ['large nested JSON', nested(70).replace('1', `"${'x'.repeat(MAX_YAML_BYTES)}"`)],
  ])('deep nesting by %s', (_what, text) => {
    expect(problems(text).join()).toMatch(/[Nn]ested deeper than 64 levels/);
  });

  it('explicit keys on many lines', () => {
    expect(problems('? \n'.repeat(10_000))).toContain('2:3: key "" is repeated');
  });

  it('ten thousand keys', () => {
    const text = Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n');
    expect(problems(text)).toEqual([]);
    expect(problems(`${text}\nk0: 2`)).toEqual(['10001:1: key "k0" is repeated']);
  });

  it('an alias bomb', () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const before = level === 0 ? 'lol' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(before).join(', ')}]`;
    });
    const found = problems(levels.join('\n'));
    expect(found).toHaveLength(30);
    expect(found.join()).toContain('anchors are not accepted');
  });

  it.each([
    ['commas', '['.concat(fill(',', MAX_YAML_BYTES - 1))],
    ['closing brackets', fill(']')],
    ['tags', fill('!a ')],
    ['anchors', fill('&a\n')],
    ['directives', fill('%A\n')],
    ['bad escapes', `"${fill('\\x', MAX_YAML_BYTES - 2)}`],
  ])('nonsense of %s, with not too many problems', (_what, text) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(100);
  });

  it('too much YAML', () => {
    expect(problems(fill('a: 1\n', 1024 * 1024))).toEqual([
      '1:1: Text of 1048575 bytes, at most 262144 are read as YAML',
    ]);
  });

  it('too much JSON, but not on less', () => {
    const json = (bytes: number) => `{"a": "${'x'.repeat(bytes - 9)}"}`;
    expect(values(json(MAX_JSON_BYTES))).toHaveLength(1);
    expect(problems(json(MAX_JSON_BYTES + 1))).toEqual([
      '1:1: Text of 3145729 bytes, at most 3145728 are read as JSON',
    ]);
  });

  it('too many values', () => {
    expect(problems(`[${'1,'.repeat(200_000)}1]`)).toEqual([
      '1:1: More than 100000 values in one document',
    ]);
  });

  it('too many words, marks and spaces', () => {
    expect(problems(`[${'{},'.repeat(50_000)}]`)).toEqual([
      '1:130000: More than 130000 words, marks and spaces',
    ]);
  });

  it('large JSON that is cut, or has unsafe keys', () => {
    const padding = 'x'.repeat(MAX_YAML_BYTES);
    expect(problems(`{"a": "${padding}" hunter2`)).toEqual(['1:262154: Not valid JSON']);
    expect(problems(`{"a": "${padding}", "__proto__": 1}`)).toEqual([
      '1:1: key "__proto__" is not allowed',
    ]);
  });
});
