import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Handles, NestTransport } from './nest-transport.js';

const failure = new Error('the database is unavailable');
const handled: string[] = [];

@Controller()
class StageController {
  @Handles('stage')
  handle(payload: string): Promise<void> {
    handled.push(payload);
    return payload === 'good' ? Promise.resolve() : Promise.reject(failure);
  }
}

@Module({ controllers: [StageController] })
class TestModule {}

class TestTransport extends NestTransport {
  deliver: (payload: string) => Promise<void> = () => Promise.reject(new Error('not started'));

  protected begin(): void {
    this.deliver = this.handlerOf<string>('stage');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Needs a handler that the test's controller does not have. */
class UnhandledTransport extends TestTransport {
  protected override begin(): void {
    this.deliver = this.handlerOf<string>('events');
  }
}

describe('a Nest transport', () => {
  let app: INestMicroservice;
  afterEach(() => app.close());
  const start = async <Transport extends TestTransport>(strategy: Transport): Promise<Transport> => {
    app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
    await app.listen();
    return strategy;
  };

  it("passes a message to the controller's handler and waits for it", async () => {
    const transport = await start(new TestTransport());
    await transport.deliver('good');
    expect(handled).toEqual(['good']);
  });

  it('receives the original error of a handler', async () => {
    const transport = await start(new TestTransport());
    await expect(transport.deliver('bad')).rejects.toBe(failure);
  });

  it('does not start without a handler', async () => {
    await expect(start(new UnhandledTransport())).rejects.toThrow("No controller handles 'events'");
  });
});
