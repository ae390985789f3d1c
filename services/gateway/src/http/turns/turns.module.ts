import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { TurnsInterceptor } from './turns.interceptor.js';

/** Commands that wait for each other. */
@Module({ providers: [{ provide: APP_INTERCEPTOR, useClass: TurnsInterceptor }] })
export class TurnsModule {}
