package ringside.linux;

class JnaKernelTest extends KernelContract {
    @Override
    Kernel kernel() {
        return new JnaKernel();
    }
}
