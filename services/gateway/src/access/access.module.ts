import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { SessionController } from './session.controller.js';
import { SignInController } from './sign-in.controller.js';

/** Sign-in, session and the guard for everything that is not public. */
@Module({
  controllers: [SessionController, SignInController],
  providers: [{ provide: APP_GUARD, useClass: AccessGuard }],
})
export class AccessModule {}
