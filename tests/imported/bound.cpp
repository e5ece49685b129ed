// A program whose functions embind gives to JavaScript.
#include <emscripten/bind.h>

#include <string>

#include "spindle.h"

namespace {

std::string greet(const std::string &who) { return "hello " + who; }

struct counter {
  int add(int number) { return sum += number; }
  int sum = 0;
};

int waits(void *) { return sp_sleep(0.05); }

}  // namespace

EMSCRIPTEN_BINDINGS(bound)
{
  emscripten::function("greet", &greet);
  emscripten::class_<counter>("Counter").constructor<>().function("add", &counter::add);
}

int main() { return sp_run(waits, nullptr) < 0 ? 1 : 7; }
