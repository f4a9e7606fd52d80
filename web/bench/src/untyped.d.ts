declare module "ali-oss";
