import { execFile, spawnSync } from 'node:child_process';

/** Whether `ros2 TOOL …` is there: the tools are no part of the ROS 2 wheels, only where ROS 2 is sourced. */
export function hasTool(...tool: readonly string[]): boolean {
  return spawnSync('ros2', [...tool, '--help'], { timeout: 30_000 }).status === 0;
}

/** What a tool said, and how it ended. */
export interface Said {
  readonly ok: boolean;
  readonly stdout: string;
  /** Both, for what is said in words: tools differ in where they say it. */
  readonly all: string;
}

/** Runs `ros2 ARGS…` to its end; one that hangs is ended after a minute. */
export async function ros2(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile('ros2', args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ ok: error === null, stdout: stdout.trim(), all: stdout + stderr });
    });
  });
}
