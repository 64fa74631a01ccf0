// Attempt: A source map of the author's own, that says the fault lies in another file.
// Outcome: rejected runtime UNCAUGHT at transform
// Location: source-map-forged.js:5:9
function attack() {
  throw new Error("x");
}
//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbIi9ldGMvcGFzc3dkIl0sIm1hcHBpbmdzIjoiQUFBQSJ9
