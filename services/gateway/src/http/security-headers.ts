import helmet from 'helmet';

/** Headers that keep a page of ours to itself: it loads nothing from elsewhere and stands in no frame. */
export const securityHeaders = () =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Mantine sets style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // On a laptop the gateway speaks plain HTTP; whoever puts TLS before it sets this there.
    strictTransportSecurity: false,
  });
