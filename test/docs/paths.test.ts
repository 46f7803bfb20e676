import { expect, it } from 'vitest';
import { readPage, rowsOf, sectionOf } from '../helpers/markdown.js';
import { aModule, MODULES, openTestApi } from '../api/test-api.js';

const paths = rowsOf(sectionOf(readPage('README.md'), 'The API')).map(([path = '']) =>
  path.replaceAll('`', ''),
);

it('README.md tells paths', () => expect(paths.length).toBeGreaterThan(10));

it.each(paths)('%s is a path of the API', async (path) => {
  const api = await openTestApi();
  await api.call('POST', MODULES, { body: aModule('echo') });
  const url = path.replace('NAME', 'echo');
  const isPlan = path.endsWith('/plan');
  const isPosted = isPlan || /\/(rotate-keys|accept)$/.test(path);
  const answer = await api.call(
    isPosted ? 'POST' : 'GET',
    url,
    isPlan ? { body: aModule('echo') } : {},
  );
  expect(answer.code).toBe(200);
});
