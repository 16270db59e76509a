//! Files that people upload, kept beside the database: in a folder, or in a bucket of any store that speaks S3.
//!
//! A name is written once. Rows in the database say which files there are; a file without a row, left by a crash
//! between the two, is shown to nobody.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use axum::body::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use tokio::sync::Semaphore;

use crate::config::Secret;

/// Where files are kept.
#[derive(Debug, Clone)]
pub enum FilesSetting {
    /// A folder; `None` is `files` in the data folder.
    Folder(Option<PathBuf>),
    /// A bucket of a store that speaks S3.
    Bucket(Bucket),
}

/// A bucket, and what opens it.
#[derive(Debug, Clone)]
pub struct Bucket {
    name: String,
    /// The folder in it; may be empty.
    folder: String,
    key_id: String,
    key: Secret,
    region: String,
    /// `None` is Amazon's own.
    endpoint: Option<String>,
}

impl FilesSetting {
    /// Reads `place`, and for a bucket the id of its key, the key, the region and the endpoint.
    ///
    /// # Errors
    /// Names what is missing or malformed.
    pub fn read(place: Option<String>, bucket: [Option<String>; 4]) -> anyhow::Result<Self> {
        let Some(place) = place else {
            return Ok(Self::Folder(None));
        };
        let Some(rest) = place.strip_prefix("s3://") else {
            if place.contains("://") {
                bail!("FELAG_FILES must be a folder or s3://bucket/folder");
            }
            return Ok(Self::Folder(Some(place.into())));
        };
        let (name, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let [Some(key_id), Some(key), region, endpoint] = bucket else {
            bail!("FELAG_FILES names a bucket: set FELAG_S3_KEY_ID and FELAG_S3_KEY");
        };
        if name.is_empty() {
            bail!("FELAG_FILES must look like s3://bucket/folder");
        }
        let is_safe = |url: &String| {
            let here = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
            url.starts_with("https://") || here.iter().any(|start| url.starts_with(start))
        };
        if !endpoint.as_ref().is_none_or(is_safe) {
            bail!("FELAG_S3_ENDPOINT must begin with https://, or be on this machine");
        }
        Ok(Self::Bucket(Bucket {
            name: name.to_string(),
            folder: folder.trim_matches('/').to_string(),
            key_id,
            key: Secret::new(key),
            region: region.unwrap_or_else(|| "us-east-1".into()),
            endpoint,
        }))
    }

    /// The region of the bucket, for `felag config`.
    pub fn region(&self) -> String {
        match self {
            Self::Folder(_) => "(none)".into(),
            Self::Bucket(bucket) => bucket.region.clone(),
        }
    }

    /// The endpoint of the bucket, for `felag config`.
    pub fn endpoint(&self) -> String {
        match self {
            Self::Folder(_) => "(none)".into(),
            Self::Bucket(bucket) => bucket.endpoint.clone().unwrap_or_else(|| "(default)".into()),
        }
    }
}

impl fmt::Display for FilesSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(None) => f.write_str("(in the data folder)"),
            Self::Folder(Some(folder)) => write!(f, "{}", folder.display()),
            Self::Bucket(bucket) => write!(f, "s3://{}/{}", bucket.name, bucket.folder),
        }
    }
}

/// The files, and how many are read at once: a large picture takes some hundred MiB while it is.
#[derive(Debug, Clone)]
pub struct Files {
    place: Place,
    reading: Arc<Semaphore>,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(PathBuf),
    Bucket(Arc<dyn ObjectStore>, String),
}

impl Files {
    /// Opens the place that the settings name. Nothing is written before the first file.
    ///
    /// # Errors
    /// When the settings of a bucket do not fit together.
    pub fn open(setting: &FilesSetting, data: &Path) -> anyhow::Result<Self> {
        let place = match setting {
            FilesSetting::Folder(folder) => {
                Place::Folder(folder.clone().unwrap_or_else(|| data.join("files")))
            }
            FilesSetting::Bucket(bucket) => {
                let builder = AmazonS3Builder::new()
                    .with_bucket_name(&bucket.name)
                    .with_region(&bucket.region)
                    .with_access_key_id(&bucket.key_id)
                    .with_secret_access_key(bucket.key.reveal());
                let builder = match &bucket.endpoint {
                    None => builder,
                    Some(url) => builder
                        .with_endpoint(url)
                        .with_allow_http(url.starts_with("http://")),
                };
                let store = builder.build().context("FELAG_FILES cannot be opened")?;
                Place::Bucket(Arc::new(store), bucket.folder.clone())
            }
        };
        let reading = Arc::new(Semaphore::new(1));
        Ok(Self { place, reading })
    }

    /// Waits for a turn to take a file apart; it ends when the answer is dropped.
    ///
    /// # Errors
    /// Never while the server runs.
    pub async fn turn(&self) -> anyhow::Result<tokio::sync::OwnedSemaphorePermit> {
        Ok(self.reading.clone().acquire_owned().await?)
    }

    /// Keeps a file under a name, such as `vouchers/…/….pdf`.
    ///
    /// # Errors
    /// When the place cannot be reached or written.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> anyhow::Result<()> {
        if let Place::Folder(folder) = &self.place {
            tokio::fs::create_dir_all(folder)
                .await
                .with_context(|| format!("FELAG_FILES: {}", folder.display()))?;
        }
        let (store, path) = self.at(name)?;
        store.put(&path, PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// A file as it was kept; nothing when there is none of this name.
    ///
    /// # Errors
    /// When the place cannot be reached.
    pub async fn get(&self, name: &str) -> anyhow::Result<Option<Bytes>> {
        let (store, path) = self.at(name)?;
        match store.get(&path).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// Removes a file whose row was not written.
    ///
    /// # Errors
    /// When the place cannot be reached.
    pub async fn remove(&self, name: &str) -> anyhow::Result<()> {
        let (store, path) = self.at(name)?;
        Ok(store.delete(&path).await?)
    }

    fn at(&self, name: &str) -> anyhow::Result<(Arc<dyn ObjectStore>, object_store::path::Path)> {
        match &self.place {
            Place::Folder(folder) => {
                let store = LocalFileSystem::new_with_prefix(folder)?;
                Ok((Arc::new(store), object_store::path::Path::parse(name)?))
            }
            Place::Bucket(store, folder) => {
                let path =
                    object_store::path::Path::parse(format!("{folder}/{name}").trim_start_matches('/'))?;
                Ok((store.clone(), path))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(place: &str, rest: [&str; 4]) -> anyhow::Result<FilesSetting> {
        let some = |text: &str| Some(text.to_string()).filter(|text| !text.is_empty());
        FilesSetting::read(some(place), rest.map(some))
    }

    #[test]
    fn a_place_is_a_folder_or_a_bucket_with_its_key() {
        assert_eq!(read("", [""; 4]).unwrap().to_string(), "(in the data folder)");
        assert_eq!(
            read("/srv/vouchers", [""; 4]).unwrap().to_string(),
            "/srv/vouchers"
        );
        let bucket = read("s3://felag/vouchers/", ["id", "key", "", ""]).unwrap();
        assert_eq!(
            (bucket.to_string(), bucket.region()),
            ("s3://felag/vouchers".into(), "us-east-1".into())
        );
        assert!(!format!("{bucket:?}").contains("\"key\""), "{bucket:?}");
        for (place, rest) in [
            ("s3://felag", ["id", "", "", ""]),
            ("s3:///folder", ["id", "key", "", ""]),
            ("ftp://felag", [""; 4]),
            ("s3://felag", ["id", "key", "", "http://store.example"]),
        ] {
            assert!(read(place, rest).is_err(), "{place}");
        }
    }

    #[tokio::test]
    async fn a_file_is_there_until_it_is_removed() {
        let folder = std::env::temp_dir().join(format!("felag-files-test-{}", std::process::id()));
        let files = Files::open(&FilesSetting::Folder(Some(folder.clone())), Path::new("var")).unwrap();
        files.put("vouchers/a/b.pdf", b"%PDF".to_vec()).await.unwrap();
        assert_eq!(
            files.get("vouchers/a/b.pdf").await.unwrap().as_deref(),
            Some(&b"%PDF"[..])
        );
        assert!(files.put("../outside", Vec::new()).await.is_err());
        files.remove("vouchers/a/b.pdf").await.unwrap();
        assert_eq!(files.get("vouchers/a/b.pdf").await.unwrap(), None);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
