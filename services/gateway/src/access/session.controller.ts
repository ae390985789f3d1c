import { Controller, Get } from '@nestjs/common';
import { type Session, sessionSchema } from '#libs/contracts';
import { Answers } from '../http/openapi/answers.decorator.js';
import { Tag } from '../http/openapi/tags.js';
import { productVersion } from '../product-version.js';
import { Actor } from './actor.decorator.js';

/** The signed-in actor and the version of Chowda. */
@Tag('access')
@Controller('api/session')
export class SessionController {
  private readonly version = productVersion();

  @Get()
  @Answers({ summary: 'Show who is signed in, and the version of Chowda', answers: { 200: sessionSchema } })
  read(@Actor() actor: string): Session {
    return { actor, version: this.version };
  }
}
