// Certificates for one test run, made by the openssl command: an authority, a
// server on localhost, a client, and a client of an authority that is unknown.

#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "security/tls_context.h"

namespace gateway::security {

class Certificates {
 public:
  // Empty where the openssl command is absent.
  static const Certificates& once() {
    static const Certificates kMade;
    return kMade;
  }
  ~Certificates() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  [[nodiscard]] bool made() const { return made_; }
  [[nodiscard]] std::string file(const std::string& name) const {
    return (folder_ / name).string();
  }

  [[nodiscard]] TlsSettings server() const {
    TlsSettings settings;
    settings.certificate_file = file("server.pem");
    settings.key_file = file("server.key");
    return settings;
  }
  [[nodiscard]] TlsSettings mutual_server() const {
    TlsSettings settings = server();
    settings.authority_file = file("authority.pem");
    settings.client_certificate = ClientCertificate::required;
    return settings;
  }
  [[nodiscard]] TlsSettings client() const {
    TlsSettings settings;
    settings.authority_file = file("authority.pem");
    return settings;
  }
  [[nodiscard]] TlsSettings client_as(const std::string& name) const {
    TlsSettings settings = client();
    settings.certificate_file = file(name + ".pem");
    settings.key_file = file(name + ".key");
    return settings;
  }

 private:
  Certificates()
      : folder_(std::filesystem::temp_directory_path() /
                ("workgate-tls-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    made_ =
        authority("authority") && authority("stranger-authority") &&
        issue("server", "authority",
              "subjectAltName=DNS:localhost,IP:127.0.0.1") &&
        issue("demo-ehr", "authority", "extendedKeyUsage=clientAuth") &&
        issue("stranger", "stranger-authority", "extendedKeyUsage=clientAuth");
  }

  [[nodiscard]] bool run(const std::string& arguments) const {
    const std::string command = "cd '" + folder_.string() + "' && openssl " +
                                arguments + " >/dev/null 2>&1";
    return std::system(command.c_str()) == 0;  // NOLINT: names are fixed
  }
  [[nodiscard]] static std::string new_key(const std::string& name) {
    return " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout " +
           name + ".key -subj '/O=Example/CN=" + name + "'";
  }
  [[nodiscard]] bool authority(const std::string& name) const {
    return run("req -x509 -days 2" + new_key(name) + " -out " + name + ".pem");
  }
  [[nodiscard]] bool issue(const std::string& name, const std::string& by,
                           const std::string& extension) const {
    return run("req" + new_key(name) + " -addext '" + extension + "' -out " +
               name + ".csr") &&
           run("x509 -req -days 2 -copy_extensions copy -in " + name +
               ".csr -CA " + by + ".pem -CAkey " + by +
               ".key -CAcreateserial -out " + name + ".pem");
  }

  std::filesystem::path folder_;
  bool made_ = false;
};

}  // namespace gateway::security

// Ends the test where no certificates can be made.
#define WORKGATE_NEED_CERTIFICATES()                                \
  if (!::gateway::security::Certificates::once().made()) {          \
    GTEST_SKIP() << "no certificates: install the openssl command"; \
  }                                                                 \
  static_assert(true, "wants a semicolon")
