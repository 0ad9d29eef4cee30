package ringside.linux;

class FfmKernelTest extends KernelContract {
    @Override
    Kernel kernel() {
        return new FfmKernel();
    }
}
