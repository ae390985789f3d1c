/** Lets tasks of one name come one after the other. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does the task when those of its name that came before have ended, however they did. */
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

  /** Names with a task under way. */
  get size(): number {
    return this.last.size;
  }
}
