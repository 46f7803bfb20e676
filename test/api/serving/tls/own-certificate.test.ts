import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type {
  CertificateSource,
  CertifiedKey,
} from '../../../../src/api/serving/tls/certified-key.js';
import { openOwnCertificate } from '../../../../src/api/serving/tls/own-certificate.js';
import { subjectNames } from '../../../../src/api/serving/tls/subject-names.js';
import { FakeClock } from '../../../helpers/fake-clock.js';
import { readableLog } from '../../../helpers/log-lines.js';
import { tempDataDir } from '../../../helpers/temp-registry.js';
import { aPair } from '../../../helpers/certificates.js';

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

interface Opened {
  readonly source: CertificateSource;
  /** Those that came after the first one. */
  readonly renewed: CertifiedKey[];
}

/** A folder of certificates, and time. */
class World {
  readonly folder = join(tempDataDir(), 'tls');
  readonly clock = new FakeClock();
  readonly log = readableLog();
  hostname = 'box';

  async open(extra: readonly string[] = []): Promise<Opened> {
    const names = () => subjectNames({ host: '127.0.0.1', hostname: this.hostname, extra });
    const { folder, clock } = this;
    const source = await openOwnCertificate({ folder, names, clock, log: this.log.log });
    const renewed: CertifiedKey[] = [];
    onTestFinished(source.follow((next) => renewed.push(next)));
    return { source, renewed };
  }

  /** Moves on, and waits until what is looked at then has been. */
  async pass(days: number): Promise<void> {
    for (const step of [days * DAY_MS - HOUR_MS, HOUR_MS]) {
      await this.clock.advance(step);
      await expect.poll(() => this.clock.waiting).not.toEqual([]);
    }
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }
}

const certificateOf = ({ current }: CertificateSource): X509Certificate =>
  new X509Certificate(current.certificate);

describe('at first start', () => {
  test('makes an authority and a certificate from it, for the owner only', async () => {
    const world = new World();
    const { source } = await world.open(['registrar.example.org']);
    expect(readdirSync(world.folder).toSorted()).toEqual(['ca.crt', 'ca.key', 'server.pem']);
    expect(statSync(world.folder).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(world.folder)) {
      expect(statSync(world.path(file)).mode & 0o777).toBe(0o600);
    }
    const authority = new X509Certificate(world.read('ca.crt'));
    const certificate = certificateOf(source);
    expect(authority.ca).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkIssued(authority)).toBe(true);
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(certificate.checkHost('registrar.example.org')).toBeDefined();
    expect(certificate.checkIP('::1')).toBeDefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('they last ten years and ninety days', async () => {
    const world = new World();
    const { source } = await world.open();
    const lifeOf = ({ validFrom, validTo }: X509Certificate): number =>
      Math.round((Date.parse(validTo) - Date.parse(validFrom)) / DAY_MS);
    expect(lifeOf(new X509Certificate(world.read('ca.crt')))).toBe(3650);
    expect(lifeOf(certificateOf(source))).toBe(90);
    expect(Date.parse(certificateOf(source).validFrom)).toBeLessThan(world.clock.now());
  });

  test('authorities are told apart by their names', async () => {
    const [one, two] = [new World(), new World()];
    await one.open();
    await two.open();
    const subjects = [one, two].map((world) => new X509Certificate(world.read('ca.crt')).subject);
    expect(subjects[0]).toMatch(/^CN=Registrar authority [0-9a-f]{8}$/);
    expect(subjects[0]).not.toBe(subjects[1]);
  });
});

describe('at the next start', () => {
  test('goes on with what is there', async () => {
    const world = new World();
    const first = await world.open();
    const second = await world.open();
    expect(second.source.current).toEqual(first.source.current);
  });

  test('makes another when the names are others, more or fewer', async () => {
    const world = new World();
    const first = await world.open();
    const second = await world.open(['a.example.org']);
    expect(certificateOf(second.source).checkHost('a.example.org')).toBeDefined();
    const third = await world.open();
    expect(certificateOf(third.source).checkHost('a.example.org')).toBeUndefined();
    expect(third.source.current.key).not.toBe(first.source.current.key);
  });

  test('makes another when the authority is another', async () => {
    const world = new World();
    await world.open();
    for (const file of ['ca.crt', 'ca.key']) rmSync(world.path(file));
    const { source } = await world.open();
    expect(certificateOf(source).verify(new X509Certificate(world.read('ca.crt')).publicKey)).toBe(
      true,
    );
  });

  test('finishes an authority whose making was cut off after the key', async () => {
    const world = new World();
    await world.open();
    const key = world.read('ca.key');
    rmSync(world.path('ca.crt'));
    rmSync(world.path('server.pem'));
    await world.open();
    expect(world.read('ca.key')).toBe(key);
    expect(existsSync(world.path('ca.crt'))).toBe(true);
  });
});

describe('while it runs', () => {
  test('renews when a third of the life is left, not before', async () => {
    const world = new World();
    const { source, renewed } = await world.open();
    const first = source.current;
    await world.pass(59.5);
    expect(renewed).toEqual([]);
    await world.pass(1);
    expect(renewed).toHaveLength(1);
    expect(source.current).toBe(renewed[0]);
    expect(source.current.certificate).not.toBe(first.certificate);
    expect(world.read('server.pem')).toContain(source.current.certificate);
    expect(world.log.text()).toContain('Server certificate renewed');
  });

  test('makes another when the name of the machine changes', async () => {
    const world = new World();
    const { source, renewed } = await world.open();
    world.hostname = 'other';
    await world.pass(1);
    expect(renewed).toHaveLength(1);
    expect(certificateOf(source).checkHost('other')).toBeDefined();
    expect(certificateOf(source).checkHost('box')).toBeUndefined();
  });

  test('says so once an hour while it cannot, and goes on with the one it has', async () => {
    const world = new World();
    const { source, renewed } = await world.open();
    rmSync(world.path('ca.key'));
    await world.pass(1);
    expect(world.log.text()).toContain('Server certificate cannot be renewed');
    expect(world.log.text()).toContain('ca.key\\" is missing');
    expect(renewed).toEqual([]);
    expect(source.current.certificate).toContain('BEGIN CERTIFICATE');
  });

  test('ends when nobody follows any more', async () => {
    const world = new World();
    const { source } = await world.open();
    const before = world.clock.waiting.length;
    const unfollow = source.follow(() => undefined);
    expect(world.clock.waiting).toHaveLength(before + 1);
    unfollow();
    expect(world.clock.waiting).toHaveLength(before);
  });
});

describe('an authority that gets old', () => {
  test('is renewed with the same key, so that who knows the old one believes the new', async () => {
    const world = new World();
    await world.open();
    const old = new X509Certificate(world.read('ca.crt'));
    await world.pass(2500);
    const { source } = await world.open();
    const renewed = new X509Certificate(world.read('ca.crt'));
    expect(renewed.serialNumber).not.toBe(old.serialNumber);
    expect(renewed.subject).toBe(old.subject);
    expect(certificateOf(source).checkIssued(old)).toBe(true);
    expect(certificateOf(source).verify(old.publicKey)).toBe(true);
  });
});

describe('files that are in the way', () => {
  test.for([
    ['ca.key', 'private key that other users have access to: run "chmod 600 '],
    ['server.pem', 'private key that other users have access to: run "chmod 600 '],
  ] as const)('%s that others can read', async ([file, problem]) => {
    const world = new World();
    await world.open();
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(world.path(file), mode);
      await expect(world.open()).rejects.toMatchObject({
        code: 'CERTIFICATE_UNUSABLE',
        message: expect.stringContaining(problem),
      });
    }
  });

  test('a folder that others can write to', async () => {
    const world = new World();
    await world.open();
    chmodSync(world.folder, 0o770);
    await expect(world.open()).rejects.toThrow('other users can write to: run "chmod 700 ');
  });

  const GARBAGE = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n';
  test.for([
    ['ca.crt', '', 'ca.crt" does not hold a certificate in PEM'],
    ['ca.crt', 'hello', 'ca.crt" does not hold a certificate in PEM'],
    ['ca.crt', GARBAGE, 'ca.crt" does not hold a certificate in PEM'],
    ['ca.key', 'hello', 'ca.key" does not hold a private key in PEM'],
    ['ca.key', undefined, 'ca.key" is missing'],
    ['server.pem', '', 'server.pem" does not hold a certificate in PEM: remove it and start again'],
    ['server.pem', GARBAGE, 'server.pem" does not hold a certificate in PEM: remove it'],
  ] as const)('%s with %j', async ([file, text, problem]) => {
    const world = new World();
    await world.open();
    if (text === undefined) rmSync(world.path(file));
    else writeFileSync(world.path(file), text);
    await expect(world.open()).rejects.toMatchObject({
      code: 'CERTIFICATE_UNUSABLE',
      message: expect.stringContaining(problem),
    });
  });

  test('a folder in place of a file, and a file in place of the folder', async () => {
    const world = new World();
    writeFileSync(world.folder, '');
    await expect(world.open()).rejects.toMatchObject({ code: 'CERTIFICATE_UNUSABLE' });
  });

  test('an authority of which the parts do not belong together', async () => {
    const world = new World();
    await world.open();
    const other = await aPair();
    writeFileSync(world.path('ca.key'), other.key);
    await expect(world.open()).rejects.toThrow(
      /ca.crt" does not belong to ".*ca.key": put the right/,
    );
  });

  test('a certificate with the key of another', async () => {
    const world = new World();
    const { source } = await world.open();
    const other = await aPair();
    writeFileSync(world.path('server.pem'), other.key + source.current.certificate);
    await expect(world.open()).rejects.toThrow('do not belong together: remove it and start again');
  });

  test('no message tells anything of a key', async () => {
    const world = new World();
    await world.open();
    const broken = world.read('ca.key').replace(/\n(.)/, '\n*');
    writeFileSync(world.path('ca.key'), broken);
    const error = await world.open().catch((thrown: unknown) => thrown);
    const secret = broken.split('\n')[1] ?? '';
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(
      secret.slice(8, 24),
    );
  });
});
