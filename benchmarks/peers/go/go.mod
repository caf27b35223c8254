module simul/benchmarks/peers

go 1.21
