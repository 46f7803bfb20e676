import type { Instruction, Stage } from './dockerfile.js';
import { substitute } from './variables.js';

/** What every build is given. Registrar builds for the platform of its engine. */
const GIVEN = ['TARGETPLATFORM', 'TARGETOS', 'TARGETARCH', 'TARGETVARIANT'].flatMap((name) => [
  [name, `$${name}`] as const,
  [name.replace('TARGET', 'BUILD'), `$${name.replace('TARGET', 'BUILD')}`] as const,
]);

/** Learns stages from instructions in order. */
export class StageReader {
  readonly stages: Stage[] = [];
  /** Arguments before the first FROM, which alone count in a FROM. */
  readonly #global = new Map<string, string>(GIVEN);

  /** Index of the present stage. */
  get current(): number | undefined {
    return this.stages.length === 0 ? undefined : this.stages.length - 1;
  }

  /** Index of the stage that the instruction is in. */
  read(instruction: Instruction): number | undefined {
    if (instruction.keyword === 'FROM') this.stages.push(this.#stageOf(instruction));
    if (instruction.keyword === 'ARG' && this.stages.length === 0) this.#define(instruction);
    return this.current;
  }

  #define({ pairs }: Instruction): void {
    for (const { name, value } of pairs)
      if (value !== undefined) this.#global.set(name, substitute(value, this.#global).text);
  }

  #stageOf({ words, flags, line }: Instruction): Stage {
    const written = words[0]?.text ?? '';
    const { text: image, open } = substitute(written, this.#global);
    const isNamed = words[1]?.text.toLowerCase() === 'as';
    return {
      ...{ index: this.stages.length, line },
      name: isNamed ? words[2]?.text.toLowerCase() : undefined,
      base: { written, image, open, stage: this.find(image) },
      platform: flags.find(({ name }) => name === 'platform')?.value,
    };
  }

  /** Index of the newest stage of a name; the engine takes names in any case. */
  find(name: string): number | undefined {
    const index = this.stages.findLastIndex((stage) => stage.name === name.toLowerCase());
    return index < 0 ? undefined : index;
  }
}
