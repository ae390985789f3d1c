/** Runs tasks of the same name one after the other. */
export class SerialTasks {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs the task after all earlier tasks of its name have finished or failed. */
  async take<Result>(name: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(name);
    const turn = before ? before.then(task, task) : task();
    this.last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(name) === turn) this.last.delete(name);
    }
  }

  /** Number of names with a running task. */
  get size(): number {
    return this.last.size;
  }
}
