package io.copyload.tck.source;

import java.nio.file.Path;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.http.content.ResourceHttpContentFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;

/**
 * Jetty with a local folder, whose listings it makes itself. What is below /moved/ is redirected to
 * the same below /, files named forbidden are, and HEAD of files named get-only is not allowed.
 */
final class FolderServer implements AutoCloseable {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  FolderServer(Path root, boolean ranges) throws Exception {
    ResourceHandler files =
        new ResourceHandler() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            String path = request.getHttpURI().getPath();
            int status = 0;
            if (path.startsWith("/moved/")) {
              response.getHeaders().put(HttpHeader.LOCATION, path.substring("/moved".length()));
              status = 302;
            } else if (path.endsWith("/forbidden.csv")) {
              status = 403;
            } else if (path.endsWith("/get-only.csv") && request.getMethod().equals("HEAD")) {
              status = 405;
            }
            if (status == 0) {
              return super.handle(request, response, callback);
            }
            response.setStatus(status);
            callback.succeeded();
            return true;
          }

          /** The usual one may serve what a file was a second ago. */
          @Override
          protected HttpContent.Factory newHttpContentFactory(ByteBufferPool.Sized buffers) {
            return new ResourceHttpContentFactory(getBaseResource(), getMimeTypes(), buffers);
          }
        };
    files.setBaseResource(ResourceFactory.of(files).newResource(root));
    files.setDirAllowed(true);
    files.setEtags(true);
    files.setAcceptRanges(ranges);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(files);
    server.start();
  }

  int port() {
    return connector.getLocalPort();
  }

  String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
