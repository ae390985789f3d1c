import { Reflector } from '@nestjs/core';

/** Marks a controller that anybody may call; all others are for those who are signed in. */
export const Public = Reflector.createDecorator<true>();
