import type { Runtime } from '../../docker/runtime.js';
import type { Eye } from './eye.js';

/** Looks at when a file was written, through the engine: nothing is run in the container. */
export function fileEye(id: string, file: string, runtime: Pick<Runtime, 'fileTime'>): Eye {
  return {
    look: async () => {
      try {
        const value = await runtime.fileTime(id, file);
        if (value === undefined) return { kind: 'nothing', detail: 'there is no such file' };
        return { kind: 'seen', value, detail: `it was written at ${value}` };
      } catch {
        return { kind: 'blind' };
      }
    },
    close: () => undefined,
  };
}
