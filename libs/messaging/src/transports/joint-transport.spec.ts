import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JointTransport } from './joint-transport.js';
import { Handles, NestTransport } from './nest-transport.js';

@Controller()
class BothController {
  @Handles('stage')
  stage(payload: string): Promise<string> {
    return Promise.resolve(`stage ${payload}`);
  }

  @Handles('audit')
  audit(payload: string): Promise<string> {
    return Promise.resolve(`audit ${payload}`);
  }
}

@Module({ controllers: [BothController] })
class TestModule {}

/** Notes what it does. */
class NotingTransport extends NestTransport {
  give: (payload: string) => Promise<string> = () => Promise.reject(new Error('not begun'));

  constructor(
    private readonly handler: 'stage' | 'audit' | 'events',
    private readonly notes: string[],
  ) {
    super();
  }

  protected begin(): void {
    this.give = this.handlerOf<string, string>(this.handler);
    this.notes.push(`${this.handler} begins`);
  }

  close(): Promise<void> {
    this.notes.push(`${this.handler} ends`);
    return Promise.resolve();
  }
}

describe(JointTransport, () => {
  const start = async (...transports: NestTransport[]) => {
    const strategy = new JointTransport(transports);
    const app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
    await app.listen();
    return app;
  };

  it('begins each transport with its own handler, and ends the last one first', async () => {
    const notes: string[] = [];
    const stages = new NotingTransport('stage', notes);
    const audits = new NotingTransport('audit', notes);
    const app = await start(stages, audits);
    expect([await stages.give('one'), await audits.give('two')]).toEqual(['stage one', 'audit two']);
    await app.close();
    expect(notes).toEqual(['stage begins', 'audit begins', 'audit ends', 'stage ends']);
  });

  it('does not start when one of them finds no handler', async () => {
    await expect(start(new NotingTransport('stage', []), new NotingTransport('events', []))).rejects.toThrow(
      "No controller handles 'events'",
    );
  });
});
