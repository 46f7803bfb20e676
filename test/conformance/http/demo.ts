import { MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

/** Path of the module that most of these tests are about. */
export const DEMO = `${MODULES}/demo`;

/** An API with that module. */
export async function withDemo(): Promise<WireApi> {
  const wire = await wireApi();
  await wire.create('demo', { replicas: 2 });
  return wire;
}

/** The module as it is now. */
export const readDemo = async ({ send }: WireApi) => (await send('GET', DEMO)).json;
