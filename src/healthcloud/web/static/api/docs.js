// Starts Swagger UI on /docs; a file of its own because the policy forbids scripts within a page.
window.addEventListener("load", () => {
  const { SwaggerUIBundle } = /** @type {any} */ (window);
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    showExtensions: true,
    syntaxHighlight: { activated: false },
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null,
  });
});
