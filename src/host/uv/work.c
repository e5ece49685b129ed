/* The default executor: libuv's pool. */
#include <stdlib.h>

#include "host/uv/uv_host.h"

static void in_thread(uv_work_t *request)
{
  sp__work *work = request->data;
  sp__work_run(work);
}

static void back_in_loop(uv_work_t *request, int status)
{
  sp__work *work = request->data;
  free(request);
  sp__op_complete(&work->op, status == 0 ? work->result : SP_ECANCELED);
}

bool sp__host_work_start(sp__host *host, sp__work *work)
{
  uv_work_t *request = malloc(sizeof *request);
  if (!request) return false;
  request->data = work;
  work->host = request;
  if (uv_queue_work(&host->uv, request, in_thread, back_in_loop) == 0) return true;
  free(request);
  return false;
}

/* libuv refuses when a thread has begun it. */
void sp__host_work_take_back(sp__work *work) { uv_cancel(work->host); }
