import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvExample, readEnvExample } from '../../src/source/env-example.js';
import { aRepository, temporaryFolder } from '../helpers/git-repository.js';

const NEVER = new AbortController().signal;

describe('.env.example', () => {
  it('tells names and what they are for, never values', () => {
    const text = [
      '# Where the chain is.',
      '# A websocket URL',
      'CHAIN_URL=wss://entrypoint.example.org',
      '',
      'export API_KEY="sk-live-0123456789" # From the provider',
      '# OLD_KEY=sk-live-9876543210',
      'NETUID=17',
      'API_KEY=again',
      'not a variable',
      '9LIVES=no',
    ].join('\r\n');
    const found = parseEnvExample(text);
    expect(found).toEqual([
      { name: 'CHAIN_URL', comment: 'Where the chain is. A websocket URL' },
      { name: 'API_KEY' },
      { name: 'NETUID' },
    ]);
    expect(JSON.stringify(found)).not.toContain('sk-live');
  });

  it('is bounded and safe to show, whatever is in it', () => {
    const many = Array.from({ length: 500 }, (_, index) => `V${index}=`).join('\n');
    expect(parseEnvExample(many)).toHaveLength(100);
    const [one] = parseEnvExample(`# \u001b[2J${'x'.repeat(5_000)}\nA=1`);
    expect(one?.comment).toHaveLength(201);
    expect(one?.comment).toMatch(/^\?\[2Jx+…$/);
    expect(
      parseEnvExample(`${'N'.repeat(300)}=1\n${'#'.repeat(60_000)}\n${'A ='.repeat(20_000)}`),
    ).toEqual([{ name: 'A' }]);
  });

  it('is the one in the folder of the module', async () => {
    const archive = join(temporaryFolder('archive'), 'source.tar');
    const repository = aRepository({
      '.env.example': 'ROOT=\n',
      'miner/.env.example': 'MINER=\n',
      'link/.env.example': { symlink: '../.env.example' },
    });
    repository.git('archive', '--format=tar', '-o', archive, 'main');
    expect(await readEnvExample(archive, '.', NEVER)).toEqual([{ name: 'ROOT' }]);
    expect(await readEnvExample(archive, 'miner', NEVER)).toEqual([{ name: 'MINER' }]);
    for (const folder of ['link', 'none', '../..', '/']) {
      expect(await readEnvExample(archive, folder, NEVER)).toEqual([]);
    }
  });

  it('says when the archive is no archive', async () => {
    await expect(readEnvExample('/nonexistent.tar', '.', NEVER)).rejects.toThrow('ENOENT');
  });
});
