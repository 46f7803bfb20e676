import { describe, expect, test } from 'vitest';
import { BuildOutput } from '../../../src/docker/build/build-output.js';

const ID = `sha256:${'ab'.repeat(32)}`;

interface Read {
  readonly output: BuildOutput;
  readonly lines: readonly string[];
}

/** Reads messages of the engine, `size` bytes at a time. */
function read(messages: readonly object[], { size = 7, logBytes = 10_000 } = {}): Read {
  const lines: string[] = [];
  const output = new BuildOutput(logBytes, (line) => lines.push(line));
  const bytes = Buffer.from(messages.map((one) => `${JSON.stringify(one)}\r\n`).join(''));
  for (let at = 0; at < bytes.length; at += size) output.push(bytes.subarray(at, at + size));
  output.end();
  return { output, lines };
}

const say = (stream: string): { stream: string } => ({ stream });

describe('the output of a build', () => {
  test.each([1, 7, 100_000])('is the same lines in chunks of %i bytes', (size) => {
    const parts = ['Step 1/2 : FROM größe', '\n', ' ---> aaaaaaaaaaaa\n', 'one\ntw', 'o\n', 'end'];
    expect(read(parts.map(say), { size }).lines).toEqual([
      ...['Step 1/2 : FROM größe', ' ---> aaaaaaaaaaaa', 'one', 'two', 'end'],
    ]);
  });

  test('is without what is not to be told, also in what an error tells', () => {
    const lines: string[] = [];
    const conceal = (text: string): string => text.replaceAll('s3cr3t', '***');
    const output = new BuildOutput(10_000, (line) => lines.push(line), conceal);
    const error = 'cannot find s3cr3t';
    const messages = [say('Step 1/1 : RUN echo s3cr3t\n'), say('it is s3cr3t\n'), { error }];
    for (const one of messages) output.push(Buffer.from(`${JSON.stringify(one)}\r\n`));
    output.end();
    const { step, lastLines, failure } = output;
    expect(lines).toEqual(['Step 1/1 : RUN echo ***', 'it is ***']);
    expect({ step, lastLines, failure }).toMatchObject({
      ...{ step: lines[0], lastLines: ['it is ***'], failure: { text: 'cannot find ***' } },
    });
  });

  test('is clean: no colours, hidden characters or credentials, and each rewriting a line', () => {
    const text = [
      '\u001b[91mred\u001b[0m',
      '10%\r50%\r100%',
      'a\u0007b\u202Ec',
      'get https://ada:secret@host/x',
      '',
      'tab\there',
    ];
    expect(read([say(`${text.join('\n')}\n`)]).lines).toEqual([
      ...['red', '10%', '50%', '100%', 'a?b?c', 'get https://***@host/x', 'tab  here'],
    ]);
  });

  test('has bounded lines, and an end when it is too long', () => {
    const { lines, output } = read([say('x'.repeat(9000)), say('\n'), say('y\n'.repeat(6000))]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(2001);
    expect(lines.join('\n').length).toBeLessThanOrEqual(10_100);
    expect(lines.filter((line) => line.startsWith('(output left out'))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/^\(output left out/);
    expect(output.isTooMuch).toBe(false);
    expect(output.lastLines).toEqual(['y', 'y', 'y', 'y', 'y']);
  });

  test('is too much at ten times of what is passed on', () => {
    const line = say(`${'x'.repeat(99)}\n`);
    expect(read(Array(100).fill(line), { logBytes: 1000 }).output.isTooMuch).toBe(false);
    expect(read(Array(101).fill(line), { logBytes: 1000 }).output.isTooMuch).toBe(true);
  });

  test('tells of a base image that is pulled, but not of every byte', () => {
    const { lines } = read([
      { status: 'Pulling from library/x', id: '1.0' },
      { status: 'Downloading', progressDetail: { current: 1, total: 9 }, id: 'aaa' },
      { status: 'Pull complete', progressDetail: {}, id: 'aaa' },
      { status: 'Digest: sha256:1' },
    ]);
    expect(lines).toEqual(['1.0 Pulling from library/x', 'aaa Pull complete', 'Digest: sha256:1']);
  });

  test('knows the image that was made last, from the engine alone', () => {
    expect(read([{ aux: { ID: 'sha256:odd' } }]).output.imageId).toBeUndefined();
    expect(read([say(`{"aux":{"ID":"${ID}"}}\n`)]).output.imageId).toBeUndefined();
    const other = ID.replaceAll('ab', 'cd');
    expect(read([{ aux: { ID: ID } }, { aux: { ID: other } }]).output.imageId).toBe(other);
  });

  test('knows the images between the steps, without those of the cache', () => {
    const cached = [' ---> Using cache\n', ' ---> bbbbbbbbbbbb\n'];
    const made = [' ---> aaaaaaaaaaaa\n', ...cached, ' ---> Running in cccccccccccc\n'];
    const { output } = read([...made, ' ---> dddddddddddd\n', 'x ---> eeeeeeeeeeee\n'].map(say));
    expect([...output.images]).toEqual(['aaaaaaaaaaaa', 'dddddddddddd']);
  });

  test('remembers no more images than a Dockerfile can have steps', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => i.toString(16).padStart(12, '0'));
    const { output } = read([say(ids.map((id) => ` ---> ${id}\n`).join(''))], { size: 65_536 });
    expect(output.images.size).toBe(10_000);
  });

  test('tells what failed: the step, its exit code and its last words', () => {
    const failure = { errorDetail: { code: 3, message: 'no' }, error: 'no' };
    const steps = [
      'Step 1/2 : FROM x\n',
      'before\n',
      'Step 2/2 : RUN y\n',
      ' ---> Running in aa\n',
    ];
    const { output } = read([...[...steps, 'words\n'].map(say), failure]);
    expect(output.failure).toEqual({ text: 'no', exitCode: 3 });
    expect(output.step).toBe('Step 2/2 : RUN y');
    expect(output.lastLines).toEqual(['words']);
    expect(read([{ error: 'bad', errorDetail: {} }]).output.failure).toEqual({ text: 'bad' });
  });

  test('takes nonsense for nothing', () => {
    const output = new BuildOutput(1000, () => undefined);
    for (const line of [
      'no json',
      '[]',
      'null',
      '{"stream":1,"aux":[],"error":7}',
      '{"status":{}}',
    ]) {
      output.push(Buffer.from(`${line}\n`));
    }
    output.push(Buffer.alloc(3_000_000, 'x'));
    output.end();
    expect([output.imageId, output.failure, output.step]).toEqual([undefined, undefined, '']);
  });
});
