import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openGivenCertificate } from '../../../../src/api/serving/tls/given-certificate.js';
import type {
  CertificateSource,
  CertifiedKey,
} from '../../../../src/api/serving/tls/certified-key.js';
import { aPair, filesOf } from '../../../helpers/certificates.js';
import type { PairFiles } from '../../../helpers/certificates.js';
import { FakeClock } from '../../../helpers/fake-clock.js';
import { readableLog } from '../../../helpers/log-lines.js';
import { tempDataDir } from '../../../helpers/temp-registry.js';

interface Given {
  readonly source: CertificateSource;
  readonly used: CertifiedKey[];
  readonly log: () => string;
  /** Lets the time pass after which files are looked at, and waits until they were. */
  readonly look: () => Promise<void>;
}

async function given(files: Pick<PairFiles, 'certificateFile' | 'keyFile'>): Promise<Given> {
  const clock = new FakeClock(Date.now());
  const { log, text } = readableLog();
  const { certificateFile, keyFile } = files;
  const source = await openGivenCertificate({ certificateFile, keyFile, clock, log });
  const used: CertifiedKey[] = [];
  onTestFinished(source.follow((next) => used.push(next)));
  const look = async (): Promise<void> => {
    await clock.advance(10_000);
    await expect.poll(() => clock.waiting).not.toEqual([]);
  };
  return { source, used, log: text, look };
}

test('serves with what is in the files, and again when they change', async () => {
  const [first, second] = [await aPair(), await aPair()];
  const files = filesOf(first);
  const { source, used, look } = await given(files);
  expect(source.current).toEqual(first);
  await look();
  expect(used).toEqual([]);
  files.write(second);
  await look();
  expect(used).toEqual([second]);
  expect(source.current).toEqual(second);
});

test('a pair that is half written waits for its other half', async () => {
  const [first, second] = [await aPair(), await aPair()];
  const files = filesOf(first);
  const { source, used, look, log } = await given(files);
  files.write({ certificate: second.certificate });
  await look();
  await look();
  expect(source.current).toEqual(first);
  expect(log().match(/is not the key of/g)).toHaveLength(1);
  expect(log()).toContain('Changed server certificate is not usable, the one before stays');
  files.write({ key: second.key });
  await look();
  expect(used).toEqual([second]);
});

test('files that vanish or break are told of, and the pair before goes on', async () => {
  const first = await aPair();
  const files = filesOf(first);
  const { source, used, look, log } = await given(files);
  rmSync(files.certificateFile);
  await look();
  expect(log()).toContain('does not exist');
  files.write({ certificate: first.certificate.slice(0, 100) });
  await look();
  expect(log()).toContain('does not hold a certificate in PEM');
  files.write(first);
  await look();
  expect(source.current).toEqual(first);
  expect(used).toEqual([]);
});

test('a link that leads elsewhere is a change', async () => {
  const [first, second] = [await aPair(), await aPair()];
  const folder = tempDataDir();
  for (const [name, pair] of Object.entries({ first, second })) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'tls.crt'), pair.certificate);
    writeFileSync(join(folder, name, 'tls.key'), pair.key, { mode: 0o600 });
  }
  symlinkSync('first', join(folder, 'live'));
  const { used, look } = await given({
    certificateFile: join(folder, 'live/tls.crt'),
    keyFile: join(folder, 'live/tls.key'),
  });
  symlinkSync('second', join(folder, 'next'));
  renameSync(join(folder, 'next'), join(folder, 'live'));
  await look();
  expect(used).toEqual([second]);
});

test('one that has expired is served, and told of', async () => {
  const pair = await aPair({ notBefore: Date.now() - 2000, notAfter: Date.now() - 1000 });
  const { source, log } = await given(filesOf(pair));
  expect(source.current).toEqual(pair);
  expect(log()).toContain('Server certificate has expired');
});

test('a key may be shared with a group, not with all', async () => {
  const files = filesOf(await aPair());
  chmodSync(files.keyFile, 0o640);
  await expect(given(files)).resolves.toBeDefined();
  chmodSync(files.keyFile, 0o644);
  await expect(given(files)).rejects.toThrow(
    `"${files.keyFile}" is a private key that other users have access to: run "chmod 600 `,
  );
});

test('what cannot be used at the start is an error that names the file', async () => {
  const [pair, other] = [await aPair(), await aPair()];
  const broken = async (change: Parameters<PairFiles['write']>[0]): Promise<string> => {
    const files = filesOf(pair);
    files.write(change);
    const error = await given(files).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'CERTIFICATE_UNUSABLE' });
    return (error as Error).message.replaceAll(/"\/.*?\/(tls\.\w+)"/g, '"$1"');
  };
  const LOCKED =
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nQUJD\n-----END ENCRYPTED PRIVATE KEY-----\n';
  expect(await broken({ key: other.key })).toBe(
    'TLS file "tls.key" is not the key of "tls.crt": name the two that fit',
  );
  expect(await broken({ certificate: pair.key })).toBe(
    'TLS file "tls.crt" does not hold a certificate in PEM: name one with --tls-cert',
  );
  expect(await broken({ key: pair.certificate })).toBe(
    'TLS file "tls.key" does not hold a private key in PEM: name one with --tls-key',
  );
  expect(await broken({ key: LOCKED })).toBe(
    'TLS file "tls.key" needs a passphrase: name a key without one',
  );
  const chain = `${pair.certificate}-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n`;
  expect(await broken({ certificate: chain })).toContain('TLS file "tls.crt" cannot be used: ');
  expect(await broken({ certificate: 'x'.repeat(1024 * 1024 + 1) })).toBe(
    'TLS file "tls.crt" is too large: name one in PEM',
  );
});

test('a file that is none is an error that names it', async () => {
  const { keyFile } = filesOf(await aPair());
  const absent = given({ certificateFile: '/nowhere/tls.crt', keyFile });
  await expect(absent).rejects.toThrow('"/nowhere/tls.crt" does not exist: check --tls-cert');
  const folder = given({ certificateFile: tempDataDir(), keyFile });
  await expect(folder).rejects.toThrow('is not a file: name one in PEM');
});
