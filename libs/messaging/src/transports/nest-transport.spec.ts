import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Handles, NestTransport } from './nest-transport.js';

const failure = new Error('the database is away');
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
  give: (payload: string) => Promise<void> = () => Promise.reject(new Error('not begun'));

  protected begin(): void {
    this.give = this.handlerOf<string>('stage');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Needs a handler that no controller of the test has. */
class HopefulTransport extends TestTransport {
  protected override begin(): void {
    this.give = this.handlerOf<string>('events');
  }
}

describe(NestTransport, () => {
  let app: INestMicroservice;
  afterEach(() => app.close());
  const start = async <Transport extends TestTransport>(strategy: Transport): Promise<Transport> => {
    app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
    await app.listen();
    return strategy;
  };

  it("gives what arrives to the controller's handler, and waits for it", async () => {
    const transport = await start(new TestTransport());
    await transport.give('good');
    expect(handled).toEqual(['good']);
  });

  it('gets the very error that a handler fails with', async () => {
    const transport = await start(new TestTransport());
    await expect(transport.give('bad')).rejects.toBe(failure);
  });

  it('does not start when nobody handles what it brings', async () => {
    await expect(start(new HopefulTransport())).rejects.toThrow("No controller handles 'events'");
  });
});
