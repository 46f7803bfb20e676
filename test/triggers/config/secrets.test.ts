import { expect, it } from 'vitest';
import { CANARIES, foundIn } from '../../helpers/canaries.js';
import { openConfigWorld, yamlOf } from '../../helpers/config-world.js';

const SECRET = `apiVersion: registrar.synapsis.network/v1
kind: Secret
metadata: { name: keys }
stringData: { api: ${CANARIES.text.slice(0, 11)}${CANARIES.data} }
`;

it.each([
  ['of Registrar', SECRET],
  ['of Kubernetes', SECRET.replace('registrar.synapsis.network/v1', 'v1')],
])('a Secret %s in a file is refused, with what to do', async (_of, text) => {
  const world = await openConfigWorld();
  world.write('a.yaml', yamlOf('web'));
  world.write('keys.yaml', text);
  await world.start();
  await world.until(() => expect(world.names()).toEqual(['web']));
  await world.until(() =>
    expect(JSON.stringify(world.config.problems())).toContain('secrets do not belong into files'),
  );
  expect(world.registry.list('Secret').items).toEqual([]);
  expect(foundIn(JSON.stringify(world.config.problems()))).toEqual([]);
});
