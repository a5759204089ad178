//! TLS with a certificate of the portal's own.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

use super::connection::Connection;

/// The names that every certificate has.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A certificate, and the connections that it is for.
pub(crate) struct Tls {
    acceptor: TlsAcceptor,
    /// The certificate of the authority that signed the one of the server, as PEM.
    pub(crate) authority: String,
}

/// Shows no key.
impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl Tls {
    /// Makes an authority and a certificate for these names, in addition to those of the loopback interface. Clients that trust an
    /// authority refuse it as the certificate of a server, so there are two. The key of the authority is dropped.
    pub(crate) fn new(names: &[String]) -> io::Result<Self> {
        let (authority, certificate, key) = certificates(names).map_err(|error| invalid(names, &error))?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
        // Programs may have no default library, or another one.
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), authority })
    }

    /// Begins TLS on a connection.
    pub(super) async fn accept(
        &self,
        stream: Connection,
        timeout: Duration,
    ) -> io::Result<TlsStream<Connection>> {
        tokio::time::timeout(timeout, self.acceptor.accept(stream)).await?
    }
}

fn invalid(names: &[String], error: &rcgen::Error) -> io::Error {
    let message = format!("no certificate can be made for {}: {error}", names.join(", "));
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// The certificate of an authority as PEM, and a certificate that it signed, with its key.
fn certificates(names: &[String]) -> Result<(String, Certificate, KeyPair), rcgen::Error> {
    let mut params = lasting(CertificateParams::new(Vec::new())?, "bitrix24-portal: local authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

    let all = NAMES.map(str::to_owned).into_iter().chain(names.iter().cloned());
    let mut params = lasting(CertificateParams::new(all.collect::<Vec<_>>())?, "bitrix24-portal");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // OpenSSL asks for it in its strict mode, which Python 3.13 uses.
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &authority)?;
    Ok((authority.pem(), certificate, key))
}

/// A certificate from yesterday for two years: systems of Apple accept no longer time.
fn lasting(mut params: CertificateParams, name: &str) -> CertificateParams {
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let moment = |date: Date| date_time_ymd(date.year().into(), date.month() as u8, date.day() as u8);
    params.not_before = moment(today.saturating_sub(1.day()));
    params.not_after = moment(today.saturating_add(2.years()));
    params
}
