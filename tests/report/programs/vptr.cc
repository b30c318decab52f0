// Reports: data race on vptr (ctor/dtor vs virtual call)
// A destructor runs while another thread calls a virtual function.
#include <thread>

#include "order.h"

struct Shape {
  virtual void draw() {}
  virtual ~Shape() {
    wait_for_step(1);
    step();
  }
};

struct Circle : Shape {
  void draw() override {}
};

int main() {
  Shape* shape = new Circle;
  std::thread drawer([shape] {
    shape->draw();
    step();
    wait_for_step(2);
  });
  delete shape;
  drawer.join();
}
