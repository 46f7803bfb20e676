/** What `nvidia-smi -L` said in a container. */
export interface GpuAnswer {
  readonly text: string;
  readonly exitCode: number;
}

/**
 * The driver's words in a container whose control group was rebuilt without its devices, as by
 * `systemctl daemon-reload`.
 */
const CUT_OFF = /Failed to initialize NVML: Unknown Error/;

/**
 * Which of its GPUs a container does not have any more. None for an answer that tells nothing, such as
 * of an image in which the program cannot run: a container is never replaced on a guess. Pure.
 */
export function lostGpus({ text, exitCode }: GpuAnswer, gpus: readonly string[]): string[] {
  if (CUT_OFF.test(text)) return [...gpus];
  if (exitCode !== 0) return [];
  const listed = text.toLowerCase();
  return gpus.filter((gpu) => !listed.includes(`(uuid: ${gpu.toLowerCase()})`));
}
