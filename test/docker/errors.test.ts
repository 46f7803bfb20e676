import { describe, expect, test } from 'vitest';
import {
  EngineRefusal,
  cleanText,
  isNetworkMissing,
  toEngineError,
} from '../../src/docker/errors.js';
import { startError } from '../../src/docker/lifecycle.js';

const HOST = 'unix:///var/run/docker.sock';

const refused = (status: number, text: string) =>
  toEngineError({ statusCode: status, json: { message: text } }, 'do it', HOST);

describe('toEngineError', () => {
  test.each([
    [404, 'No such container: abc', 'CONTAINER_GONE'],
    [404, 'No such image: sha256:abc', 'IMAGE_NOT_FOUND'],
    [409, 'removal of container abc is already in progress', 'CONTAINER_BUSY'],
    [409, 'container is marked for removal and cannot be started', 'CONTAINER_BUSY'],
    [409, 'Conflict. The container name "/a" is already in use by container "b".', 'NAME_CONFLICT'],
    [500, 'Bind for 127.0.0.1:80 failed: port is already allocated', 'PORT_CONFLICT'],
    [500, 'listen tcp4 127.0.0.1:80: bind: address already in use', 'PORT_CONFLICT'],
    [500, 'write /var/lib/docker/x: no space left on device', 'ENGINE_DISK_FULL'],
    [400, 'Minimum memory limit allowed is 6MB', 'INVALID'],
    [400, 'client version 1.44 is too new. Maximum supported API version is 1.41', 'ENGINE_ERROR'],
    [500, 'something else', 'ENGINE_ERROR'],
    [503, '', 'ENGINE_ERROR'],
  ])('%i "%s" is %s', (status, text, code) => {
    expect(refused(status, text).code).toBe(code);
  });

  test('the message says what was tried, in the words of the engine', () => {
    expect(refused(500, 'out of luck').message).toBe('Cannot do it: out of luck');
  });

  test('the text comes from the message when the answer of a stream has no JSON', () => {
    const message = '(HTTP code 404) unexpected - no such thing ';
    const error = toEngineError({ statusCode: 404, message }, 'do it', HOST);
    expect(error.message).toBe('Cannot do it: no such thing');
  });

  test.each([
    ['ENOENT', /there is no such socket; start the engine or set DOCKER_HOST/],
    ['ECONNREFUSED', /nobody listens/],
    ['EACCES', /permission denied; join the group/],
    ['ECONNRESET', /socket hang up/],
  ])('%s is ENGINE_UNAVAILABLE and says what helps', (code, message) => {
    const lost = Object.assign(new Error('socket hang up'), { code });
    const error = toEngineError(lost, 'do it', HOST);
    expect(error).toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(HOST);
  });

  test('an error of ours stays what it is', () => {
    const first = refused(404, 'No such container: abc');
    expect(toEngineError(first, 'do more', HOST)).toBe(first);
  });

  test('anything else, even undefined, is ENGINE_UNAVAILABLE', () => {
    expect(toEngineError(undefined, 'do it', HOST).code).toBe('ENGINE_UNAVAILABLE');
    expect(toEngineError('text', 'do it', HOST).code).toBe('ENGINE_UNAVAILABLE');
  });
});

describe('a failed start, in the words of engines from 20.10 to 29', () => {
  test.each([
    'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "x": no: unknown',
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "x": no: unknown',
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "x": no',
  ])('%s', (text) => {
    expect(startError(refused(500, text))).toMatchObject({
      ...{ code: 'START_FAILED', message: 'Cannot start the container: exec: "x": no' },
    });
  });

  test.each([
    ['Bind for 0.0.0.0:80 failed: port is already allocated', '0.0.0.0:80'],
    ['Bind for :::80 failed: port is already allocated', undefined],
    [
      'Error starting userland proxy: listen tcp4 127.0.0.1:80: bind: address already in use',
      '127.0.0.1:80',
    ],
    [
      'failed to bind port [::1]:80/tcp: Error starting userland proxy: listen tcp6 [::1]:80: bind: address already in use',
      '[::1]:80',
    ],
    [
      'failed to set up container networking: failed to bind host port for 0.0.0.0:80:172.17.0.2:8080/tcp: address already in use',
      '0.0.0.0:80',
    ],
    [
      'failed to set up container networking: failed to bind host port 127.0.0.1:80/tcp: address already in use',
      '127.0.0.1:80',
    ],
  ])('%s', (text, address = text) => {
    expect(startError(refused(500, text))).toMatchObject({
      code: 'PORT_CONFLICT',
      message: `Cannot start the container: port ${address} is taken on the host; free it or choose another hostPort`,
    });
  });
});

test('isNetworkMissing knows a network by name or id, and nothing else', () => {
  expect(isNetworkMissing(refused(404, 'network registrar-1234 not found'))).toBe(true);
  expect(isNetworkMissing(refused(404, 'No such container: abc'))).toBe(false);
  expect(isNetworkMissing(new EngineRefusal(404, 'network x not found'))).toBe(false);
});

describe('cleanText', () => {
  test('masks what stands before the host of an address', () => {
    const text = 'Get "https://ada:s3cret@ghcr.io/v2/": denied, also http://token@127.0.0.1:5000';
    expect(cleanText(text)).toBe(
      'Get "https://***@ghcr.io/v2/": denied, also http://***@127.0.0.1:5000',
    );
  });

  test('is one line without control characters, and bounded', () => {
    expect(cleanText(' a\u001b[31m\n\tb\u202e ')).toBe('a?[31m b?');
    expect(cleanText('x'.repeat(10_000)).length).toBeLessThanOrEqual(501);
  });
});
