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

/** Records its own calls. */
class RecordingTransport extends NestTransport {
  deliver: (payload: string) => Promise<string> = () => Promise.reject(new Error('not started'));

  constructor(
    private readonly handler: 'stage' | 'audit' | 'events',
    private readonly notes: string[],
  ) {
    super();
  }

  protected begin(): void {
    this.deliver = this.handlerOf<string, string>(this.handler);
    this.notes.push(`${this.handler} started`);
  }

  close(): Promise<void> {
    this.notes.push(`${this.handler} closed`);
    return Promise.resolve();
  }
}

describe('the joint transport', () => {
  const start = async (...transports: NestTransport[]) => {
    const strategy = new JointTransport(transports);
    const app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
    await app.listen();
    return app;
  };

  it('starts each transport with its own handler, and closes the last one first', async () => {
    const notes: string[] = [];
    const stages = new RecordingTransport('stage', notes);
    const audits = new RecordingTransport('audit', notes);
    const app = await start(stages, audits);
    expect([await stages.deliver('one'), await audits.deliver('two')]).toEqual(['stage one', 'audit two']);
    await app.close();
    expect(notes).toEqual(['stage started', 'audit started', 'audit closed', 'stage closed']);
  });

  it('does not start when a handler is missing', async () => {
    await expect(start(new RecordingTransport('stage', []), new RecordingTransport('events', []))).rejects.toThrow(
      "No controller handles 'events'",
    );
  });
});
