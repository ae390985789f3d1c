import { Controller, Get } from '@nestjs/common';
import type { Session } from '#libs/contracts';
import { productVersion } from '../product-version.js';
import { Actor } from './actor.decorator.js';

/** Who is signed in, and to what. */
@Controller('api/session')
export class SessionController {
  private readonly version = productVersion();

  @Get()
  read(@Actor() actor: string): Session {
    return { actor, version: this.version };
  }
}
