let n = 0; const inc = () => { n++; return n }; export default (event, step, api) => { inc(); inc(); if (n > 1) { n *= 10 } api.state.set('n', n); console.log('n is', n); return n }
