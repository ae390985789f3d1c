import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { OneByOneInterceptor } from './one-by-one/one-by-one.interceptor.js';

/**
 * Interceptors of all commands, in this order: a command that waits for another one must not hold a database connection,
 * so it waits before the transaction of its `Idempotency-Key` begins.
 */
@Module({
  providers: [
    { provide: APP_INTERCEPTOR, useClass: OneByOneInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
  ],
})
export class InterceptorsModule {}
